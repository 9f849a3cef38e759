/// NextToken of ListShards: where the listing of which stream goes on.
struct ShardPageToken: Sendable, Hashable {
    var stream: Int64
    var filter: ShardFilter
    /// The index of the last shard that was listed.
    var lastIndex: Int
    /// Milliseconds since 1970.
    var issuedAt: Int64

    private static let kind: UInt8 = 2

    init(stream: Int64, filter: ShardFilter, lastIndex: Int, issuedAt: Int64) {
        self.stream = stream
        self.filter = filter
        self.lastIndex = lastIndex
        self.issuedAt = issuedAt
    }

    /// Throws InvalidArgumentException for what was never issued and ExpiredNextTokenException after five minutes.
    init(text: String, now: Int64) throws(ServiceError) {
        let invalid = ServiceError.invalidArgument("Invalid NextToken.")
        guard let payload = SealedToken(text: text)?.payload, payload.first == Self.kind else { throw invalid }
        var rest = payload.dropFirst()
        guard let stream = rest.takeBigEndian(), let filterCode = rest.takeBigEndian(), let argument = rest.takeBigEndian(),
            let lastIndex = rest.takeBigEndian(), let issuedAt = rest.takeBigEndian(), rest.isEmpty,
            let filter = ShardFilter(code: filterCode, argument: argument)
        else { throw invalid }
        guard now - issuedAt <= Limits.pageTokenLifeMilliseconds else {
            throw .expiredNextToken("NextToken expired. It was issued at \(UTCDate(milliseconds: issuedAt).text).")
        }
        self.init(stream: stream, filter: filter, lastIndex: Int(lastIndex), issuedAt: issuedAt)
    }

    var text: String {
        var payload = [Self.kind]
        for part in [stream, filter.code, filter.argument, Int64(lastIndex), issuedAt] { payload.append(bigEndian: part) }
        return SealedToken(payload).text
    }
}

extension ShardFilter {
    fileprivate init?(code: Int64, argument: Int64) {
        switch code {
        case 0: self = .all
        case 1: self = .after(index: Int(argument))
        case 2: self = .open
        case 3: self = .openAt(argument)
        case 4: self = .openSince(argument)
        default: return nil
        }
    }

    fileprivate var code: Int64 {
        switch self {
        case .all: 0
        case .after: 1
        case .open: 2
        case .openAt: 3
        case .openSince: 4
        }
    }

    fileprivate var argument: Int64 {
        switch self {
        case .all, .open: 0
        case .after(let index): Int64(index)
        case .openAt(let moment), .openSince(let moment): moment
        }
    }
}
