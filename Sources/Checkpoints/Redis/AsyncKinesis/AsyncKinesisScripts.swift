/// The transitions of `layout: async-kinesis`; see `AsyncKinesisLua` for KEYS. Each reads the whole value and writes it in one step, so that
/// nothing which another has written in between is lost unseen.
extension RedisScript {
    static let asyncKinesis: [RedisScript] = [
        .pythonCreate, .pythonLeases, .pythonAcquire, .pythonRenew, .pythonCheckpoint, .pythonRelease, .pythonFinish, .pythonOverwrite,
        .pythonRemove,
    ]

    private static let reading = [LuaFunctions.now, LuaFunctions.precedes, AsyncKinesisLua.load, AsyncKinesisLua.advance]

    /// Creates missing rows. KEYS: the hashes alone. ARGV: for each row what `LuaFunctions.create` takes. Answers nothing.
    static let pythonCreate = RedisScript(
        "pythonCreate",
        """
        for i, key in ipairs(KEYS) do
          local at = i * 7 - 6
          if redis.call('HSETNX', key, 'token', 0) == 1 then
            redis.call('HSET', key, 'position', ARGV[at + 1], 'sub', ARGV[at + 2], 'parents', ARGV[at + 3],
              'hashStart', ARGV[at + 4], 'hashEnd', ARGV[at + 5], 'detail', ARGV[at + 6])
          end
        end
        return false
        """)

    /// Reads rows. ARGV: the session timeout in seconds, then shards. Answers as `leases` does, and whether the owner is foreign (1 or 0).
    static let pythonLeases = RedisScript(
        "pythonLeases", using: reading + [AsyncKinesisLua.holder],
        """
        local time = now()
        local rows = {}
        for i = 1, #KEYS / 2 do
          local row = load(i)
          if row.token then
            local isFinished = row.position == 'SHARD_END'
            if not isFinished then advance(row) end
            local who, left = holder(row, time, tonumber(ARGV[1]))
            local owner, remaining, foreign = row.owner, false, 0
            if isFinished then
              owner = false
            elseif who == 'ours' then
              remaining = row.expiry - time
            elseif row.theirs then
              owner, foreign = row.valueRef, 1
              remaining = left and left * 1000 or false
            end
            local nextOwner = foreign == 0 and row.nextOwner
            local overdue = nextOwner and tonumber(row.handoffDeadline) <= time and 1 or 0
            rows[#rows + 1] = {ARGV[i + 1], remaining, overdue, row.token, row.position, row.sub, owner, nextOwner, row.parents,
              row.hashStart, row.hashEnd, row.detail, foreign}
          end
        end
        return rows
        """)

    /// Takes leases; those of async-kinesis only where they have expired.
    ///
    /// ARGV: owner, milliseconds, the session timeout in seconds, ref, ref in JSON, then for each row the token that was seen or nothing.
    /// Answers as `acquire` does.
    static let pythonAcquire = RedisScript(
        "pythonAcquire", using: reading + [LuaFunctions.nextToken, AsyncKinesisLua.holder, AsyncKinesisLua.put],
        """
        local time, micros = now()
        local answers = {}
        for i = 1, #KEYS / 2 do
          local row = load(i)
          local who = row.token and holder(row, time, tonumber(ARGV[3]))
          if not row.token then
            answers[i] = {'missing'}
          elseif row.position == 'SHARD_END' then
            answers[i] = {'finished'}
          elseif who == 'theirs' or who == 'ours' and ARGV[i + 5] ~= row.token then
            answers[i] = {'held'}
          else
            local token = nextToken(row.token, micros)
            advance(row)
            redis.call('HSET', row.side, 'token', token, 'owner', ARGV[1], 'ref', ARGV[4], 'expiry', time + ARGV[2])
            redis.call('HDEL', row.side, 'nextOwner', 'handoffDeadline')
            put(row, ARGV[5], time)
            answers[i] = {'acquired', token, row.position, row.sub}
          end
        end
        return answers
        """)

    /// Prolongs leases, and mends what a worker that came too late has written into their values.
    ///
    /// ARGV: milliseconds, then owner, token and ref in JSON for each row. Answers as `renew` does.
    static let pythonRenew = RedisScript(
        "pythonRenew", using: reading + [AsyncKinesisLua.holds, AsyncKinesisLua.put],
        """
        local time = now()
        local answers = {}
        for i = 1, #KEYS / 2 do
          local row = load(i)
          answers[i] = false
          if holds(row, ARGV[i * 3 - 1], ARGV[i * 3], time) then
            if row.position ~= 'SHARD_END' then advance(row) end
            redis.call('HSET', row.side, 'expiry', time + ARGV[1])
            put(row, ARGV[i * 3 + 1], time)
            answers[i] = row.nextOwner or ''
          end
        end
        return answers
        """)

    /// Moves positions forward, and mends as `pythonRenew` does.
    ///
    /// ARGV: owner, token, ref in JSON, position and sub for each row. Answers as `checkpoint` does.
    static let pythonCheckpoint = RedisScript(
        "pythonCheckpoint", using: reading + [AsyncKinesisLua.holds, AsyncKinesisLua.put],
        """
        local time = now()
        local answers = {}
        for i = 1, #KEYS / 2 do
          local row = load(i)
          local owner, token, ref, position, sub = unpack(ARGV, i * 5 - 4, i * 5)
          answers[i] = 'lost'
          if holds(row, owner, token, time) then
            if row.position ~= 'SHARD_END' then advance(row) end
            answers[i] = 'behind'
            if not precedes(position, sub, row.position, row.sub) then
              row.position, row.sub = position, sub
              answers[i] = 'stored'
              row.sequence = nil
              advance(row)
            end
            put(row, ref, time)
          end
        end
        return answers
        """)

    /// Gives leases back. ARGV: owner and token for each row. Answers nothing.
    static let pythonRelease = RedisScript(
        "pythonRelease", using: reading + [AsyncKinesisLua.holds, AsyncKinesisLua.put, AsyncKinesisLua.free],
        """
        local time = now()
        for i = 1, #KEYS / 2 do
          local row = load(i)
          if holds(row, ARGV[i * 2 - 1], ARGV[i * 2], time) then
            if row.position ~= 'SHARD_END' then advance(row) end
            put(row)
            free(row)
          elseif row.owner == ARGV[i * 2 - 1] and row.token == ARGV[i * 2] then
            free(row)
          end
        end
        return false
        """)

    /// Marks one shard as finished; the value keeps its last sequence number, and is free. ARGV: owner, token. Answers 1, or 0 where the
    /// lease was lost.
    static let pythonFinish = RedisScript(
        "pythonFinish", using: reading + [AsyncKinesisLua.holds, AsyncKinesisLua.put, AsyncKinesisLua.free],
        """
        local row = load(1)
        if not holds(row, ARGV[1], ARGV[2], now()) then return 0 end
        if row.position ~= 'SHARD_END' then advance(row) end
        row.position, row.sub = 'SHARD_END', ''
        put(row)
        free(row)
        redis.call('HSET', row.side, 'finishedBy', ARGV[1] .. ' ' .. ARGV[2])
        return 1
        """)

    private static let refusal = """
        local function refusal(row, force, time, timeout)
          if force ~= '' then return nil end
          local who, left = holder(row, time, timeout)
          if who == 'ours' then return {'live', row.owner, row.expiry - time} end
          if who == 'theirs' then return {'live', row.valueRef, left * 1000} end
        end
        """

    /// Sets positions of rows that are there, whatever they were.
    ///
    /// ARGV: `force` or nothing, the session timeout in seconds, then position and sub for each row. Answers as `overwrite` does.
    static let pythonOverwrite = RedisScript(
        "pythonOverwrite", using: reading + [LuaFunctions.nextToken, AsyncKinesisLua.holder, AsyncKinesisLua.put, refusal],
        """
        local time, micros = now()
        local answers = {}
        for i = 1, #KEYS / 2 do
          local row = load(i)
          local refused = refusal(row, ARGV[1], time, tonumber(ARGV[2]))
          if not refused then
            -- Of what was done before, whatever still is: nothing where the position is a word, all where it is the end.
            if row.position ~= 'SHARD_END' then advance(row) end
            local kept = row.whole
            row.position, row.sub = ARGV[i * 2 + 1], ARGV[i * 2 + 2]
            row.whole, row.sequence = nil, nil
            advance(row)
            if not row.whole and kept and not precedes(row.position, row.sub, kept, '') then row.whole = kept end
            redis.call('HSET', row.side, 'token', nextToken(row.token, micros))
            redis.call('HDEL', row.side, 'owner', 'ref', 'expiry', 'nextOwner', 'handoffDeadline', 'whole')
            put(row)
          end
          answers[i] = refused or {'done'}
        end
        return answers
        """)

    /// Removes rows and their values. ARGV: `force` or nothing, the session timeout in seconds. Answers as `remove` does.
    static let pythonRemove = RedisScript(
        "pythonRemove", using: reading + [AsyncKinesisLua.holder, refusal],
        """
        local time = now()
        local answers = {}
        for i = 1, #KEYS / 2 do
          local row = load(i)
          local refused = row.token and refusal(row, ARGV[1], time, tonumber(ARGV[2]))
          if row.token and not refused then redis.call('DEL', row.key, row.side) end
          answers[i] = not row.token and {'missing'} or refused or {'done'}
        end
        return answers
        """)
}
