extension RedisScript {
    /// Creates missing rows.
    ///
    /// KEYS: the set of shards, then a row for each shard. ARGV: for each shard what `LuaFunctions.create` takes. Answers nothing.
    static let create = RedisScript(
        "create", using: [LuaFunctions.create],
        """
        for i = 2, #KEYS do create(KEYS[1], KEYS[i], 1 + (i - 2) * 7) end
        return false
        """)
}
