extension RedisScript {
    /// Asks the owner of a live lease to hand it over; neither token nor expiry change.
    ///
    /// KEYS: the row. ARGV: owner, next owner, milliseconds. Answers 1, or 0 where it is too late or somebody has asked before.
    static let requestHandoff = RedisScript(
        "requestHandoff", using: [LuaFunctions.now],
        """
        local row = redis.call('HMGET', KEYS[1], 'owner', 'nextOwner', 'expiry')
        local time = now()
        if row[1] ~= ARGV[1] or row[2] or tonumber(row[3]) <= time then return 0 end
        redis.call('HSET', KEYS[1], 'nextOwner', ARGV[2], 'handoffDeadline', time + ARGV[3])
        return 1
        """)
}
