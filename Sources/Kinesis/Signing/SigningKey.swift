import Crypto
import Synchronization

/// The key that signs the requests of one day, one region and one service (AWS IAM user guide, "Create a signed AWS API request", step 3).
struct SigningKey: Sendable {
    /// With the key taken in: each signature goes on from a copy.
    private let code: HMAC<SHA256>

    init(secret: String, date: String, region: String, service: String) {
        var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
        for part in [date, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        code = HMAC(key: key)
    }

    func signature(of text: String) -> String { signature(of: Array(text.utf8)) }

    func signature(of text: [UInt8]) -> String {
        var code = code
        code.update(data: text)
        return Hex.encode(code.finalize())
    }
}

/// The newest signing key: it changes once a day and when credentials are refreshed, and deriving it costs four HMACs.
final class SigningKeyCache: Sendable {
    private struct Entry {
        let secret: String
        let scope: SigningScope
        let key: SigningKey
    }

    private let newest = Mutex<Entry?>(nil)

    func key(secret: String, scope: SigningScope) -> SigningKey {
        newest.withLock { newest in
            if let newest, newest.secret == secret, newest.scope == scope { return newest.key }
            let key = SigningKey(secret: secret, date: scope.date, region: scope.region, service: scope.service)
            newest = Entry(secret: secret, scope: scope, key: key)
            return key
        }
    }
}

/// What a signature is good for: one day, one region, one service.
struct SigningScope: Sendable, Hashable {
    /// `20260102`.
    var date: String
    var region: String
    var service: String

    var text: String { "\(date)/\(region)/\(service)/aws4_request" }
}
