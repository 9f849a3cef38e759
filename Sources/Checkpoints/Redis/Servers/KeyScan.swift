import Records

/// A walk through all keys of one server (redis.io/docs/latest/commands/scan): until the cursor is back at 0.
struct KeyScan {
    private let pattern: String
    private var cursor = "0"
    private(set) var keys: Set<String> = []
    private(set) var isDone = false

    init(_ pattern: String) {
        self.pattern = pattern
    }

    var command: [[UInt8]] { ["SCAN", cursor, "MATCH", pattern, "COUNT", "1000"].map { Array($0.utf8) } }

    mutating func replied(_ reply: RESPValue, _ endpoint: RedisEndpoint) throws(Failure) {
        if case .error(let error) = reply { throw .redis(error, endpoint) }
        guard let fields = reply.elements, fields.count == 2, let next = fields[0].text, let found = fields[1].elements else {
            throw .checkpointsUnreadable("no list of keys at \(endpoint.address)")
        }
        keys.formUnion(found.compactMap(\.text))
        cursor = next
        isDone = next == "0"
    }
}
