/// Why an expression cannot be compiled, and where in its text.
public struct ExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence without a full stop at its end.
    public var message: String
    /// UTF-8 bytes from the beginning of the expression.
    public var offset: Int
    /// UTF-8 bytes; 0 at the end of the text.
    public var length: Int
    /// What to write instead, where there is a likely answer.
    public var hint: String?

    /// An error about `length` bytes from `offset`.
    public init(_ message: String, offset: Int, length: Int, hint: String? = nil) {
        self.message = message
        self.offset = offset
        self.length = length
        self.hint = hint
    }

    init(_ message: String, at span: SourceSpan, hint: String? = nil) {
        self.init(message, offset: span.offset, length: span.length, hint: hint)
    }

    /// The sentence, the place and the hint.
    public var description: String {
        hint.map { "\(message) (at byte \(offset)); \($0)" } ?? "\(message) (at byte \(offset))"
    }
}
