/// One place where credentials may come from.
protocol CredentialSource: Sendable {
    /// For messages: `environment variables`.
    var name: String { get }
    /// Throws where the source is configured but fails: another identity must not take over in silence.
    func load() async throws(CredentialsError) -> CredentialOutcome
}

enum CredentialOutcome: Sendable, Hashable {
    case found(Credentials)
    /// Why this source has nothing to say: `AWS_ACCESS_KEY_ID is not set`.
    case notConfigured(String)
}

/// Why there are no credentials. Reasons never hold a secret.
struct CredentialsError: Error, Hashable, CustomStringConvertible {
    struct Attempt: Hashable {
        var source: String
        var reason: String
    }

    /// What was tried before, in order, and last what failed.
    var attempts: [Attempt]
    /// A source was configured and failed; else nothing was configured at all.
    var isBroken: Bool

    static func broken(_ source: String, _ reason: String) -> CredentialsError {
        CredentialsError(attempts: [Attempt(source: source, reason: reason)], isBroken: true)
    }

    var description: String {
        if isBroken, let last = attempts.last { return "\(last.source): \(last.reason)" }
        return "no AWS credentials were found. Tried: " + attempts.map { "\($0.source) (\($0.reason))" }.joined(separator: "; ")
    }
}
