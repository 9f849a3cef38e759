/// NextToken of ListStreams: the name after which the listing goes on.
struct StreamPageToken: Sendable, Hashable {
    var lastName: String
    /// Milliseconds since 1970.
    var issuedAt: Int64

    private static let kind: UInt8 = 3

    init(lastName: String, issuedAt: Int64) {
        self.lastName = lastName
        self.issuedAt = issuedAt
    }

    /// Throws InvalidArgumentException for what was never issued and ExpiredNextTokenException after five minutes.
    init(text: String, now: Int64) throws(ServiceError) {
        guard let payload = SealedToken(text: text)?.payload, payload.first == Self.kind else {
            throw .invalidArgument("Invalid NextToken.")
        }
        var rest = payload.dropFirst()
        guard let issuedAt = rest.takeBigEndian() else { throw .invalidArgument("Invalid NextToken.") }
        guard now - issuedAt <= Limits.pageTokenLifeMilliseconds else {
            throw .expiredNextToken("NextToken expired. It was issued at \(UTCDate(milliseconds: issuedAt).text).")
        }
        self.init(lastName: String(decoding: rest, as: UTF8.self), issuedAt: issuedAt)
    }

    var text: String {
        var payload = [Self.kind]
        payload.append(bigEndian: issuedAt)
        payload += lastName.utf8
        return SealedToken(payload).text
    }
}
