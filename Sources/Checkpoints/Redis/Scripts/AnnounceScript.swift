extension RedisScript {
    /// Says that a worker is alive, and forgets those whose time is over.
    ///
    /// KEYS: the sorted set of workers by the time at which their announcements end. ARGV: worker, milliseconds.
    /// Answers all workers alive.
    static let announce = RedisScript(
        "announce", using: [LuaFunctions.now],
        """
        local time = now()
        redis.call('ZADD', KEYS[1], time + ARGV[2], ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', time)
        return redis.call('ZRANGE', KEYS[1], 0, -1)
        """)
}
