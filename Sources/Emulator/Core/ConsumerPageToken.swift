/// NextToken of ListStreamConsumers: the name after which the listing of a stream's consumers goes on.
struct ConsumerPageToken: Sendable, Hashable {
    var stream: Int64
    var lastName: String
    /// Milliseconds since 1970.
    var issuedAt: Int64

    private static let kind: UInt8 = 4

    init(stream: Int64, lastName: String, issuedAt: Int64) {
        self.stream = stream
        self.lastName = lastName
        self.issuedAt = issuedAt
    }

    /// Throws InvalidArgumentException for what was never issued for this stream and ExpiredNextTokenException after five minutes.
    init(text: String, stream: Int64, now: Int64) throws(ServiceError) {
        let invalid = ServiceError.invalidArgument("Invalid NextToken.")
        guard let payload = SealedToken(text: text)?.payload, payload.first == Self.kind else { throw invalid }
        var rest = payload.dropFirst()
        guard let issuedAt = rest.takeBigEndian(), let issuedFor = rest.takeBigEndian(), issuedFor == stream else { throw invalid }
        guard now - issuedAt <= Limits.pageTokenLifeMilliseconds else {
            throw .expiredNextToken("NextToken expired. It was issued at \(UTCDate(milliseconds: issuedAt).text).")
        }
        self.init(stream: stream, lastName: String(decoding: rest, as: UTF8.self), issuedAt: issuedAt)
    }

    var text: String {
        var payload = [Self.kind]
        for part in [issuedAt, stream] { payload.append(bigEndian: part) }
        payload += lastName.utf8
        return SealedToken(payload).text
    }
}
