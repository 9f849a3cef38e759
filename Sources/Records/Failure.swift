/// An error for a person: what went wrong, and what to do about it.
///
/// Lower layers throw their own typed errors; they become a `Failure` once, where they cross into the agent.
/// Neither sentence ever contains a secret.
public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable and of bounded cardinality, for logs and metric labels: `stream_not_found`.
    public var code: String
    /// One sentence without a full stop at its end.
    public var message: String
    /// What the reader can do about it, where there is something to be said.
    public var hint: String?

    /// See the properties.
    public init(_ code: String, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// For people.
    public var description: String {
        hint.map { "\(message) [\(code)]. \($0)" } ?? "\(message) [\(code)]"
    }
}
