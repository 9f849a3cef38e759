import Crypto
import NIOCore
import NIOHTTP1

/// Checks that a request was signed with the one pair of keys that the server knows (AWS IAM User Guide, "Create a signed AWS API request").
///
/// What is hashed is rebuilt from the request as it came, so that it holds for every signer and shares no code with the client's.
struct SignatureVerifier: Sendable {
    let accessKey: String
    let secretKey: String

    /// AWS allows so much between the signer's clock and its own.
    private static let toleratedMilliseconds: Int64 = 300_000
    private static let emptyHash = hexadecimal(SHA256.hash(data: [UInt8]()))

    /// `now`: milliseconds since 1970. Throws MissingAuthenticationTokenException, IncompleteSignatureException, UnrecognizedClientException
    /// or InvalidSignatureException.
    func verify(_ head: HTTPRequestHead, body: ByteBuffer, at now: Int64) throws(ServiceError) {
        guard let header = head.headers.first(name: "authorization") else { throw .missingAuthentication }
        let authorization = try Authorization(header)
        guard let time = head.headers.first(name: "x-amz-date") else {
            throw .incompleteSignature("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
        }
        guard let signedAt = UTCDate.milliseconds(basicText: time) else {
            throw .incompleteSignature("Date must be in ISO-8601 'basic format'. Got '\(time)'.")
        }
        guard authorization.accessKey == accessKey else { throw .unrecognizedClient }
        guard authorization.signedHeaders.contains("host") else {
            throw .invalidSignature("'Host' must be a 'SignedHeader' in the AWS Authorization.")
        }
        guard time.hasPrefix(authorization.date), authorization.service == "kinesis" else {
            throw .invalidSignature("Credential should be scoped to the request's date and to service 'kinesis'.")
        }
        try checkAge(signedAt, now)
        let text = """
            \(Authorization.algorithm)
            \(time)
            \(authorization.scope)
            \(Self.hexadecimal(SHA256.hash(data: Array(Self.canonicalRequest(head, body, authorization.signedHeaders).utf8))))
            """
        let expected = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: signingKey(authorization))
        guard Self.hexadecimal(expected) == authorization.signature else {
            throw .invalidSignature(
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing "
                    + "method. Consult the service documentation for details.")
        }
    }

    private func checkAge(_ signedAt: Int64, _ now: Int64) throws(ServiceError) {
        let (signed, present) = (UTCDate(milliseconds: signedAt).basicText, UTCDate(milliseconds: now).basicText)
        if signedAt < now - Self.toleratedMilliseconds {
            let oldest = UTCDate(milliseconds: now - Self.toleratedMilliseconds).basicText
            throw .invalidSignature("Signature expired: \(signed) is now earlier than \(oldest) (\(present) - 5 min.)")
        }
        if signedAt > now + Self.toleratedMilliseconds {
            let newest = UTCDate(milliseconds: now + Self.toleratedMilliseconds).basicText
            throw .invalidSignature("Signature not yet current: \(signed) is still later than \(newest) (\(present) + 5 min.)")
        }
    }

    private func signingKey(_ authorization: Authorization) -> SymmetricKey {
        [authorization.date, authorization.region, authorization.service, "aws4_request"]
            .reduce(SymmetricKey(data: Array("AWS4\(secretKey)".utf8))) { key, part in
                SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
            }
    }

    private static func canonicalRequest(_ head: HTTPRequestHead, _ body: ByteBuffer, _ signedHeaders: [String]) -> String {
        let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = target.count > 1 ? target[1].split(separator: "&").map { $0.contains("=") ? String($0) : "\($0)=" }.sorted() : []
        let headers = signedHeaders.map { name in
            // Several headers of one name count as one; white space counts as one space.
            let values = head.headers[name].map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            return "\(name):\(values.joined(separator: ","))\n"
        }
        let hash = body.readableBytes == 0 ? emptyHash : body.withUnsafeReadableBytes { hexadecimal(SHA256.hash(data: $0)) }
        return [
            head.method.rawValue, target.first.map { $0.isEmpty ? "/" : String($0) } ?? "/", query.joined(separator: "&"), headers.joined(),
            signedHeaders.joined(separator: ";"), hash,
        ].joined(separator: "\n")
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        for byte in bytes {
            for nibble in [byte >> 4, byte & 0xf] {
                digits.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
