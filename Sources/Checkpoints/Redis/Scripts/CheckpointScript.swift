extension RedisScript {
    /// Moves positions forward.
    ///
    /// KEYS: rows. ARGV: owner, token, position and sub for each row. Answers for each row `stored`, `lost` or `behind`.
    static let checkpoint = RedisScript(
        "checkpoint", using: [LuaFunctions.held, LuaFunctions.precedes],
        """
        local answers = {}
        for i, key in ipairs(KEYS) do
          local owner, token, position, sub = unpack(ARGV, i * 4 - 3, i * 4)
          local stored = redis.call('HMGET', key, 'position', 'sub')
          if not held(key, owner, token) then
            answers[i] = 'lost'
          elseif precedes(position, sub, stored[1], stored[2]) then
            answers[i] = 'behind'
          else
            redis.call('HSET', key, 'position', position, 'sub', sub)
            answers[i] = 'stored'
          end
        end
        return answers
        """)
}
