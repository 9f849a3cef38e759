/// A place in a shard, as GetShardIterator and GetRecords hand it out.
struct ShardIterator: Sendable, Hashable {
    var stream: Int64
    var shard: Int64
    /// The counter of the first record to be read.
    var counter: Int64
    /// Milliseconds since 1970.
    var issuedAt: Int64

    private static let kind: UInt8 = 1

    init(stream: Int64, shard: Int64, counter: Int64, issuedAt: Int64) {
        self.stream = stream
        self.shard = shard
        self.counter = counter
        self.issuedAt = issuedAt
    }

    /// Throws InvalidArgumentException for what was never issued and ExpiredIteratorException after five minutes.
    init(token: String, now: Int64) throws(ServiceError) {
        guard let payload = SealedToken(text: token)?.payload, payload.first == Self.kind else { throw Self.invalid }
        var rest = payload.dropFirst()
        guard let stream = rest.takeBigEndian(), let shard = rest.takeBigEndian(), let counter = rest.takeBigEndian(),
            let issuedAt = rest.takeBigEndian(), rest.isEmpty
        else { throw Self.invalid }
        guard now - issuedAt <= Limits.iteratorLifeMilliseconds else {
            throw .expiredIterator(
                "Iterator expired. The iterator was created at time \(UTCDate(milliseconds: issuedAt).text) while right now it is "
                    + "\(UTCDate(milliseconds: now).text) which is further in the future than the tolerated delay of "
                    + "\(Limits.iteratorLifeMilliseconds) milliseconds.")
        }
        self.init(stream: stream, shard: shard, counter: counter, issuedAt: issuedAt)
    }

    private static let invalid = ServiceError.invalidArgument("Invalid ShardIterator.")

    var token: String {
        var payload = [Self.kind]
        for part in [stream, shard, counter, issuedAt] { payload.append(bigEndian: part) }
        return SealedToken(payload).text
    }
}
