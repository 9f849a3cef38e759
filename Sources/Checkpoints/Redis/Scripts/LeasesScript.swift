extension RedisScript {
    /// Reads rows, in no order. The keys of rows follow from the members of the set, in the slot that the set is in.
    ///
    /// KEYS: the set of shards. ARGV: what comes before the shard in a row's key, how many rows may be read at once, then shards; all where
    /// none is named. Answers the names of all shards instead where there are too many, and otherwise for each row: shard, milliseconds left or nil, whether a handoff is overdue (1 or 0), token, position, sub, owner,
    /// nextOwner, parents, hashStart, hashEnd, detail.
    static let leases = RedisScript(
        "leases", using: [LuaFunctions.now],
        """
        local time = now()
        local shards = {unpack(ARGV, 3)}
        if #shards == 0 then
          shards = redis.call('SMEMBERS', KEYS[1])
          if #shards > tonumber(ARGV[2]) then return shards end
        end
        local rows = {}
        for _, shard in ipairs(shards) do
          local row = redis.call('HMGET', ARGV[1] .. shard, 'token', 'position', 'sub', 'owner', 'nextOwner', 'parents', 'hashStart',
            'hashEnd', 'detail', 'expiry', 'handoffDeadline')
          if row[1] then
            local expiry, deadline = tonumber(row[10] or '0'), tonumber(row[11] or '0')
            local remaining = row[4] and expiry > time and expiry - time
            local overdue = row[5] and deadline <= time and 1 or 0
            rows[#rows + 1] = {shard, remaining, overdue, unpack(row, 1, 9)}
          end
        end
        return rows
        """)
}
