/// Lua functions of the scripts for `layout: async-kinesis`.
///
/// Of each shard KEYS hold the value of async-kinesis, then the hash beside it: a row as `LuaFunctions` has it, with `ref`, the name under
/// which its owner stands in the value, and `whole`, the highest sequence number up to and with which everything is done. The value never
/// holds a position inside an aggregate, a word or a lower number than before: async-kinesis asks Kinesis for what comes after it, whatever
/// it reads there.
enum AsyncKinesisLua {
    /// Reads both keys of a shard into one table. `theirs` is true where the value names a worker that is not ours.
    static let load = """
        local names = {'token', 'position', 'sub', 'owner', 'expiry', 'ref', 'whole', 'nextOwner', 'handoffDeadline', 'parents',
          'hashStart', 'hashEnd', 'detail'}
        local function load(i)
          local row = {key = KEYS[i * 2 - 1], side = KEYS[i * 2]}
          local fields = redis.call('HMGET', row.side, unpack(names))
          for at, name in ipairs(names) do row[name] = fields[at] end
          local raw = redis.call('GET', row.key)
          if raw then
            local fine, value = pcall(cjson.decode, raw)
            if not fine or type(value) ~= 'table' then error('UNREADABLE ' .. row.key) end
            local function field(name, kind)
              local found = value[name]
              if found == nil or found == cjson.null then return nil end
              if type(found) ~= kind then error('UNREADABLE ' .. row.key) end
              return found
            end
            row.valueRef, row.valueTime, row.sequence = field('ref', 'string'), field('ts', 'number'), field('sequence', 'string')
            if row.sequence and not row.sequence:find('^%d+$') then error('UNREADABLE ' .. row.key) end
            row.theirs = row.valueRef and row.valueTime and row.valueTime ~= 0 and row.valueRef ~= row.ref
          end
          return row
        end
        """

    /// Who holds the shard: `ours` while the hash says so, whatever a worker that came too late has written into the value; else `theirs`,
    /// with the seconds that are left by the test of async-kinesis; else nobody.
    static let holder = """
        local function holder(row, time, timeout)
          if row.owner and tonumber(row.expiry) > time then return 'ours' end
          local left = row.theirs and row.valueTime + timeout - math.floor(time / 1000)
          if left and left > 0 then return 'theirs', left end
        end
        """

    /// Whether the lease is still that of the caller. One that has expired is, until another takes it.
    static let holds = """
        local function holds(row, owner, token, time)
          if row.owner ~= owner or row.token ~= token then return false end
          return tonumber(row.expiry) > time or not row.theirs
        end
        """

    /// Moves the row up to what the value says: a worker of async-kinesis that held the shard has gone on from there.
    static let advance = """
        local function advance(row)
          local function raise(sequence)
            if not row.whole or precedes(row.whole, '', sequence, '') then row.whole = sequence end
          end
          if row.sequence then
            raise(row.sequence)
            if precedes(row.position, row.sub, row.sequence, '') then row.position, row.sub = row.sequence, '' end
          end
          if row.sub == '' and row.position:find('^%d+$') then raise(row.position) end
        end
        """

    /// Writes the value as Python's json.dumps does; nil is null.
    static let put = """
        local function put(row, ref, time)
          local function text(value) return value or 'null' end
          redis.call('SET', row.key, '{"ref": ' .. text(ref) .. ', "ts": ' .. text(time and string.format('%.0f', math.floor(time / 1000)))
            .. ', "sequence": ' .. text(row.whole and '"' .. row.whole .. '"') .. '}')
          redis.call('HSET', row.side, 'position', row.position, 'sub', row.sub)
          if row.whole then redis.call('HSET', row.side, 'whole', row.whole) end
        end
        """

    static let free = """
        local function free(row)
          redis.call('HDEL', row.side, 'owner', 'ref', 'expiry', 'nextOwner', 'handoffDeadline')
          redis.call('HINCRBY', row.side, 'token', 1)
        end
        """
}
