/// An access key. Printing it shows the key's identifier and never the secret.
public struct StaticCredentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The public half: `AKIA…` or `ASIA…`.
    public var accessKeyID: String
    /// The secret half.
    public var secretAccessKey: String
    /// What temporary keys come with.
    public var sessionToken: String?

    /// See the properties.
    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }

    /// The identifier only.
    public var description: String { "access key \(accessKeyID)" }
    /// The identifier only.
    public var debugDescription: String { description }
    /// The identifier only: what `dump` and string interpolation of enclosing values show.
    public var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}

/// An access key with its end and its origin.
struct Credentials: Sendable, Hashable {
    var key: StaticCredentials
    /// Seconds since 1970, UTC; nil for keys that do not expire.
    var expiresAt: Int64?
    /// For messages: `environment variables`, `profile "prod"`.
    var source: String
}
