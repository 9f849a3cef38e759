/// Why an expression has no value for a record, and which part of its text failed.
public struct EvaluationError: Error, Sendable, CustomStringConvertible {
    let fault: Fault
    /// UTF-8 bytes from the beginning of the expression.
    public let offset: Int
    /// UTF-8 bytes.
    public let length: Int

    init(_ fault: Fault, at span: SourceSpan) {
        self.fault = fault
        offset = span.offset
        length = span.length
    }

    /// One sentence without a full stop at its end. It is put together here and not where the error is thrown,
    /// because `||`, `&&` and the macros swallow errors.
    public var message: String { fault.message }

    /// The sentence and the place.
    public var description: String { "\(message) (at byte \(offset))" }
}

/// What went wrong in an operation, before it is known where in the text.
enum Fault: Error, Sendable {
    case missingField(String)
    case missingKey(CELValue)
    case indexOutOfRange(Int64, count: Int)
    case noOverload(String, [String])
    case unknownName(String)
    case overflow
    case divisionByZero
    case tooExpensive
    case tooLarge
    case expected(String, got: String)
    /// Anything else, in words.
    case other(String)

    static func noOverload(_ operation: String, _ operands: CELValue...) -> Fault {
        .noOverload(operation, operands.map(\.typeName))
    }

    var message: String {
        switch self {
        case .missingField(let name): "there is no field `\(name)`"
        case .missingKey(let key): "there is no key \(key.quoted)"
        case .indexOutOfRange(let index, let count): "index \(index) is outside of a list of \(count)"
        case .noOverload(let operation, let types): "`\(operation)` does not take \(types.joined(separator: " and "))"
        case .unknownName(let name): "unknown name `\(name)`"
        case .overflow: "integer overflow"
        case .divisionByZero: "division by zero"
        case .tooExpensive: "the expression takes too many steps for this record"
        case .tooLarge: "the result of the expression is too large"
        case .expected(let expected, let got): "expected \(expected), got \(got)"
        case .other(let message): message
        }
    }
}
