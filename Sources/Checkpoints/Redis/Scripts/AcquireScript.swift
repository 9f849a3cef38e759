extension RedisScript {
    /// Takes leases that are free or expired, or live ones whose token is known.
    ///
    /// KEYS: rows. ARGV: owner, milliseconds, then for each row the token that was seen or nothing.
    /// Answers for each row `acquired`, the new token, position and sub; or `held`, `finished` or `missing`.
    static let acquire = RedisScript(
        "acquire", using: [LuaFunctions.now, LuaFunctions.nextToken],
        """
        local time, micros = now()
        local answers = {}
        for i, key in ipairs(KEYS) do
          local row = redis.call('HMGET', key, 'token', 'position', 'sub', 'owner', 'expiry')
          if not row[1] then
            answers[i] = {'missing'}
          elseif row[2] == 'SHARD_END' then
            answers[i] = {'finished'}
          elseif row[4] and tonumber(row[5]) > time and ARGV[i + 2] ~= row[1] then
            answers[i] = {'held'}
          else
            local token = nextToken(row[1], micros)
            redis.call('HSET', key, 'token', token, 'owner', ARGV[1], 'expiry', time + ARGV[2])
            redis.call('HDEL', key, 'nextOwner', 'handoffDeadline')
            answers[i] = {'acquired', token, row[2], row[3]}
          end
        end
        return answers
        """)
}
