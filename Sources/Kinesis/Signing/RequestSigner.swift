import Crypto
import NIOCore

/// Signs requests with AWS Signature Version 4. The payload is always hashed: Kinesis has no unsigned payloads.
struct RequestSigner: Sendable {
    let region: String
    let service: String
    private let keys = SigningKeyCache()

    init(region: String, service: String) {
        self.region = region
        self.service = service
    }

    /// A signature and what it was made from, so that each step can be held against published vectors.
    struct Signed: Sendable {
        var canonicalRequest: CanonicalRequest
        var stringToSign: String
        var key: SigningKey
        /// Those given, with the date, the session token and the authorization.
        var headers: [(name: String, value: String)]
    }

    /// `headers`: what is sent with the request; all of it is signed but the user agent and what proxies may change.
    func sign(
        method: String, url: EndpointURL, headers: [(name: String, value: String)], body: ByteBuffer, credentials: StaticCredentials,
        at time: CalendarTime
    ) -> Signed {
        var headers = headers
        headers.append(("Host", url.authority))
        headers.append(("X-Amz-Date", time.basicTime))
        if let token = credentials.sessionToken { headers.append(("X-Amz-Security-Token", token)) }

        let bodyHash = body.withUnsafeReadableBytes { Hex.encode(SHA256.hash(data: $0)) }
        let canonical = CanonicalRequest(method: method, url: url, headers: headers, bodyHash: bodyHash)
        let scope = SigningScope(date: time.basicDate, region: region, service: service)
        let stringToSign = """
            AWS4-HMAC-SHA256
            \(time.basicTime)
            \(scope.text)
            \(Hex.encode(SHA256.hash(data: Array(canonical.text.utf8))))
            """
        let key = keys.key(secret: credentials.secretAccessKey, scope: scope)
        let signature = key.signature(of: stringToSign)
        let credential = "\(credentials.accessKeyID)/\(scope.text)"
        headers.append(
            ("Authorization", "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)")
        )
        return Signed(canonicalRequest: canonical, stringToSign: stringToSign, key: key, headers: headers)
    }
}
