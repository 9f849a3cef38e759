extension RedisScript {
    /// Prolongs leases.
    ///
    /// KEYS: rows. ARGV: milliseconds, then owner and token for each row.
    /// Answers for each row the next owner, empty where nobody has asked; nil where the lease was lost.
    static let renew = RedisScript(
        "renew", using: [LuaFunctions.now, LuaFunctions.held],
        """
        local expiry = now() + ARGV[1]
        local answers = {}
        for i, key in ipairs(KEYS) do
          answers[i] = false
          if held(key, ARGV[i * 2], ARGV[i * 2 + 1]) then
            redis.call('HSET', key, 'expiry', expiry)
            answers[i] = redis.call('HGET', key, 'nextOwner') or ''
          end
        end
        return answers
        """)
}
