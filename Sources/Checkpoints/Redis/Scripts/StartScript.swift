extension RedisScript {
    /// Stores where shards without a position begin, once.
    ///
    /// KEYS: the start. ARGV: position, sub. Answers the stored position and sub.
    static let start = RedisScript(
        "start",
        """
        if redis.call('HSETNX', KEYS[1], 'position', ARGV[1]) == 1 then redis.call('HSET', KEYS[1], 'sub', ARGV[2]) end
        return redis.call('HMGET', KEYS[1], 'position', 'sub')
        """)
}
