extension RedisScript {
    /// Asks the owners of live leases to hand them over; neither token nor expiry change.
    ///
    /// KEYS: rows. ARGV: next owner, milliseconds, then the owner of each row.
    /// Answers for each row 1, or 0 where it is too late or another has asked before.
    static let requestHandoff = RedisScript(
        "requestHandoff", using: [LuaFunctions.now],
        """
        local time = now()
        local answers = {}
        for i, key in ipairs(KEYS) do
          local row = redis.call('HMGET', key, 'owner', 'nextOwner', 'expiry')
          if row[1] ~= ARGV[i + 2] or tonumber(row[3]) <= time or row[2] and row[2] ~= ARGV[1] then
            answers[i] = 0
          else
            if not row[2] then redis.call('HSET', key, 'nextOwner', ARGV[1], 'handoffDeadline', time + ARGV[2]) end
            answers[i] = 1
          end
        end
        return answers
        """)
}
