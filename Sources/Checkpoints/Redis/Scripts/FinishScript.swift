extension RedisScript {
    /// Marks a shard as finished and creates its children's rows. The row keeps who did it, for one whose answer was lost.
    ///
    /// KEYS: the row, the set of shards, then a row for each child. ARGV: owner, token, then for each child what `LuaFunctions.create`
    /// takes. Answers 1, or 0 where the lease was lost.
    static let finish = RedisScript(
        "finish", using: [LuaFunctions.held, LuaFunctions.free, LuaFunctions.create],
        """
        if not held(KEYS[1], ARGV[1], ARGV[2]) then return 0 end
        for i = 3, #KEYS do create(KEYS[2], KEYS[i], 3 + (i - 3) * 7) end
        redis.call('HSET', KEYS[1], 'position', 'SHARD_END', 'sub', '', 'finishedBy', ARGV[1] .. ' ' .. ARGV[2])
        free(KEYS[1])
        return 1
        """)
}
