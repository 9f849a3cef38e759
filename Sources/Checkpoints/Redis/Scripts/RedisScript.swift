/// A transition as Redis runs it: atomically, by the server's clock.
///
/// All keys of one source share one hash tag, so that a cluster keeps them on one node. Scripts that write after `TIME` need
/// Redis 5 or later, which replicates effects instead of scripts (redis.io/docs/latest/develop/programmability/eval-intro).
struct RedisScript: Sendable, Hashable {
    /// How messages name it.
    let name: String
    let source: String

    /// Only the functions that the body calls come before it.
    init(_ name: String, using functions: [String] = [], _ body: String) {
        self.name = name
        source = (functions + [body]).joined(separator: "\n")
    }

    static let all: [RedisScript] = [
        .start, .startOver, .create, .leases, .acquire, .renew, .checkpoint, .finish, .requestHandoff, .release, .announce, .withdraw,
        .overwrite, .remove,
    ]
}

/// Lua functions that several scripts share.
///
/// A row is a hash: `token position sub parents hashStart hashEnd detail`, `owner expiry` where it is held, and
/// `nextOwner handoffDeadline` where a handoff was asked for. Times are milliseconds since 1970.
enum LuaFunctions {
    /// Milliseconds and microseconds since 1970, by the server's clock. Doubles hold microseconds exactly until the year 2255.
    static let now = """
        local function now()
          local time = redis.call('TIME')
          local micros = time[1] * 1000000 + time[2]
          return math.floor(micros / 1000), micros
        end
        """

    /// See `LeaseTable`.
    static let nextToken = """
        local function nextToken(token, micros)
          return string.format('%.0f', math.max(token + 1, micros))
        end
        """

    /// What to answer to somebody who does not hold the lease; nil where the row may be changed.
    static let refusal = """
        local function refusal(key, force, time)
          if force ~= '' then return nil end
          local row = redis.call('HMGET', key, 'owner', 'expiry')
          local remaining = row[1] and row[2] - time
          if remaining and remaining > 0 then return {'live', row[1], remaining} end
        end
        """

    static let held = """
        local function held(key, owner, token)
          local row = redis.call('HMGET', key, 'owner', 'token')
          return row[1] == owner and row[2] == token
        end
        """

    static let free = """
        local function free(key)
          redis.call('HDEL', key, 'owner', 'expiry', 'nextOwner', 'handoffDeadline')
          redis.call('HINCRBY', key, 'token', 1)
        end
        """

    /// ARGV from `at`: shard, position, sub, parents, hashStart, hashEnd, detail.
    static let create = """
        local function create(shards, key, at)
          if redis.call('HSETNX', key, 'token', 0) == 1 then
            redis.call('HSET', key, 'position', ARGV[at + 1], 'sub', ARGV[at + 2], 'parents', ARGV[at + 3],
              'hashStart', ARGV[at + 4], 'hashEnd', ARGV[at + 5], 'detail', ARGV[at + 6])
            redis.call('SADD', shards, ARGV[at])
          end
        end
        """

    /// The order of `Position`. Numbers are compared as digits, by length and then by bytes: Lua's own are doubles.
    static let precedes = """
        local function smaller(a, b)
          local aNegative, bNegative = a:sub(1, 1) == '-', b:sub(1, 1) == '-'
          if aNegative ~= bNegative then return aNegative end
          if aNegative then a, b = b, a end
          if #a ~= #b then return #a < #b end
          return a < b
        end
        local rank = {AT_TIMESTAMP = 0, TRIM_HORIZON = 1, SHARD_END = 3}
        local function precedes(a, aSub, b, bSub)
          local aRank, bRank = rank[a] or 2, rank[b] or 2
          if aRank ~= bRank then return aRank < bRank end
          if aRank == 1 or aRank == 3 then return false end
          if aRank == 2 and a ~= b then return smaller(a, b) end
          if aSub == '' or bSub == '' then return aSub ~= '' end
          return smaller(aSub, bSub)
        end
        """
}
