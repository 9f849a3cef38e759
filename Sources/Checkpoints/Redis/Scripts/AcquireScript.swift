extension RedisScript {
    /// Takes a free or expired lease, or a live one whose token is known.
    ///
    /// KEYS: the row. ARGV: owner, milliseconds, the token that was seen or nothing.
    /// Answers `acquired`, the new token, position and sub; or `held`, `finished` or `missing`.
    static let acquire = RedisScript(
        "acquire", using: [LuaFunctions.now],
        """
        local row = redis.call('HMGET', KEYS[1], 'token', 'position', 'sub', 'owner', 'expiry')
        if not row[1] then return {'missing'} end
        if row[2] == 'SHARD_END' then return {'finished'} end
        local time = now()
        local live = row[4] and tonumber(row[5]) > time
        if live and ARGV[3] ~= row[1] then return {'held'} end
        local token = redis.call('HINCRBY', KEYS[1], 'token', 1)
        redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'expiry', time + ARGV[2])
        redis.call('HDEL', KEYS[1], 'nextOwner', 'handoffDeadline')
        return {'acquired', token, row[2], row[3]}
        """)
}
