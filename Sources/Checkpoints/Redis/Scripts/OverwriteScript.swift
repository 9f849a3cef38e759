extension RedisScript {
    /// Sets positions, whatever they were, and creates rows that are missing.
    ///
    /// KEYS: the set of shards, then rows. ARGV: `force` or nothing, then for each row what `LuaFunctions.create` takes.
    /// Answers for each row `done`, or `live`, owner and milliseconds left.
    static let overwrite = RedisScript(
        "overwrite", using: [LuaFunctions.now, LuaFunctions.nextToken, LuaFunctions.create, LuaFunctions.refusal],
        """
        local time, micros = now()
        local answers = {}
        for i = 2, #KEYS do
          local at = 2 + (i - 2) * 7
          create(KEYS[1], KEYS[i], at)
          local refused = refusal(KEYS[i], ARGV[1], time)
          if not refused then
            local token = nextToken(redis.call('HGET', KEYS[i], 'token'), micros)
            redis.call('HSET', KEYS[i], 'token', token, 'position', ARGV[at + 1], 'sub', ARGV[at + 2])
            redis.call('HDEL', KEYS[i], 'owner', 'expiry', 'nextOwner', 'handoffDeadline')
          end
          answers[i - 1] = refused or {'done'}
        end
        return answers
        """)

    /// Removes rows.
    ///
    /// KEYS: the set of shards, then rows. ARGV: `force` or nothing, then for each row its shard.
    /// Answers for each row `done`, `missing`, or `live`, owner and milliseconds left.
    static let remove = RedisScript(
        "remove", using: [LuaFunctions.now, LuaFunctions.refusal],
        """
        local time = now()
        local answers = {}
        for i = 2, #KEYS do
          if redis.call('EXISTS', KEYS[i]) == 0 then
            answers[i - 1] = {'missing'}
          else
            local refused = refusal(KEYS[i], ARGV[1], time)
            if not refused then
              redis.call('DEL', KEYS[i])
              redis.call('SREM', KEYS[1], ARGV[i])
            end
            answers[i - 1] = refused or {'done'}
          end
        end
        return answers
        """)
}
