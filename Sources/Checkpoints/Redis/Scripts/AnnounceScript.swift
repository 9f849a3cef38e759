extension RedisScript {
    /// Says that a worker is alive, and forgets those whose time is over.
    ///
    /// KEYS: the sorted set of workers by the time at which their announcements end, and the hash of their capacities.
    /// ARGV: worker, milliseconds, capacity or nothing. Answers the name and the capacity of all workers alive, by turns.
    static let announce = RedisScript(
        "announce", using: [LuaFunctions.now],
        """
        local time = now()
        redis.call('ZADD', KEYS[1], time + ARGV[2], ARGV[1])
        if ARGV[3] == '' then
          redis.call('HDEL', KEYS[2], ARGV[1])
        else
          redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
        end
        for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', time)) do
          redis.call('ZREM', KEYS[1], gone)
          redis.call('HDEL', KEYS[2], gone)
        end
        local answers = {}
        for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
          answers[#answers + 1] = name
          answers[#answers + 1] = redis.call('HGET', KEYS[2], name)
        end
        return answers
        """)

    /// Takes a worker off the list.
    ///
    /// KEYS: as `announce` has them. ARGV: worker. Answers nothing.
    static let withdraw = RedisScript(
        "withdraw",
        """
        redis.call('ZREM', KEYS[1], ARGV[1])
        redis.call('HDEL', KEYS[2], ARGV[1])
        return false
        """)
}
