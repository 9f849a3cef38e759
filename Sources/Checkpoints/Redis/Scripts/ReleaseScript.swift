extension RedisScript {
    /// Gives leases back; those that were lost are left alone.
    ///
    /// KEYS: rows. ARGV: owner and token for each row. Answers nothing.
    static let release = RedisScript(
        "release", using: [LuaFunctions.held, LuaFunctions.free],
        """
        for i, key in ipairs(KEYS) do
          if held(key, ARGV[i * 2 - 1], ARGV[i * 2]) then free(key) end
        end
        return false
        """)
}
