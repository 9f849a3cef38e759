extension RedisScript {
    /// Stores where shards without a position begin, once, and which stream that is.
    ///
    /// KEYS: the start. ARGV: position, sub, identity or nothing. Answers the stored position, sub and identity.
    static let start = RedisScript(
        "start",
        """
        if redis.call('HSETNX', KEYS[1], 'position', ARGV[1]) == 1 then redis.call('HSET', KEYS[1], 'sub', ARGV[2]) end
        if ARGV[3] ~= '' then redis.call('HSETNX', KEYS[1], 'identity', ARGV[3]) end
        return redis.call('HMGET', KEYS[1], 'position', 'sub', 'identity')
        """)

    /// Forgets all rows and stores a new start, where the one that was seen is still stored.
    ///
    /// KEYS: the start, the set of shards. ARGV: position, sub and identity of the new start, the same of the one that was seen, and what
    /// comes before the shard in a row's key. Answers as `start` does.
    static let startOver = RedisScript(
        "startOver",
        """
        local stored = redis.call('HMGET', KEYS[1], 'position', 'sub', 'identity')
        if not stored[1] or stored[1] == ARGV[4] and stored[2] == ARGV[5] and (stored[3] or '') == ARGV[6] then
          for _, shard in ipairs(redis.call('SMEMBERS', KEYS[2])) do redis.call('DEL', ARGV[7] .. shard) end
          redis.call('DEL', KEYS[1], KEYS[2])
          redis.call('HSET', KEYS[1], 'position', ARGV[1], 'sub', ARGV[2])
          if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'identity', ARGV[3]) end
        end
        return redis.call('HMGET', KEYS[1], 'position', 'sub', 'identity')
        """)
}
