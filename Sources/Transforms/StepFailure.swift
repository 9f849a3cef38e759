import Expressions
public import Pipeline

/// Why a step could not do its work on one record.
public struct StepFailure: Error, Sendable, CustomStringConvertible {
    enum Reason: Sendable {
        case expression(EvaluationError, source: String)
        /// The record is no map.
        case recordType(String)
        /// What stands at a path is no map, and something is to be put inside of it.
        case obstacle(FieldPath, type: String)
        /// There is nothing at a path.
        case missing(FieldPath)
        /// What stands at a path, or the record itself, is of another type than the step works on.
        case type(FieldPath?, expected: String, got: String)
        /// A text is not in the format that the step parses; the reason in a few words.
        case format(String, reason: String)
        /// Anything else of one step: a code, and the sentence.
        case other(code: String, String)
    }

    let reason: Reason
    /// Where the option that failed stands in the pipeline file; nil where the file does not say.
    public let mark: Mark?

    init(_ reason: Reason, at mark: Mark? = nil) {
        self.reason = reason
        self.mark = mark
    }

    init(_ error: EvaluationError, in expression: ConfigExpression) {
        self.init(.expression(error, source: expression.source), at: expression.mark)
    }

    /// Stable and of bounded cardinality, for dead letters and metric labels.
    public var code: String {
        switch reason {
        case .expression: "expression_failed"
        case .recordType: "record_not_a_map"
        case .obstacle: "field_not_a_map"
        case .missing: "field_missing"
        case .type: "wrong_type"
        case .format: "not_parsable"
        case .other(let code, _): code
        }
    }

    /// One sentence without a full stop at its end. It is put together here, because most failures are only counted.
    public var message: String {
        switch reason {
        case .expression(let error, let source):
            "\(error.message) (in `\(Self.excerpt(source, error.offset, error.length))`)"
        case .recordType(let type): "the record is no map but of type \(type)"
        case .obstacle(let path, let type): "`\(path)` is no map but of type \(type)"
        case .missing(let path): "there is no field `\(path)`"
        case .type(let path?, let expected, let got): "`\(path)` has to be \(expected), it is of type \(got)"
        case .type(nil, let expected, let got): "the record has to be \(expected), it is of type \(got)"
        case .format(let format, let reason): "the text is not \(format): \(reason)"
        case .other(_, let message): message
        }
    }

    /// The code and the sentence.
    public var description: String { "\(message) [\(code)]" }

    /// The part of the expression that failed; of a long one its beginning.
    private static func excerpt(_ source: String, _ offset: Int, _ length: Int) -> String {
        let limit = 60
        let part = source.utf8.dropFirst(offset).prefix(length)
        let text = part.isEmpty ? source : String(decoding: part, as: UTF8.self)
        return text.count > limit ? "\(text.prefix(limit))…" : text
    }
}
