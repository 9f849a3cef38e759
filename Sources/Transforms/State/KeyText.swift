import Expressions
import JSON
import Pipeline
import Records

extension ConfigExpression {
    /// The value of a key as text: strings as they are, everything else as JSON with its type before it, so that `1` and `"1"` differ.
    func keyBytes(of record: Record) throws(StepFailure) -> [UInt8] {
        let value: Value
        do {
            value = try program.evaluate(record)
        } catch {
            throw StepFailure(error, in: self)
        }
        if case .string(let text) = value { return Array(text.utf8) }
        // JSON knows no bytes, nor what is not finite.
        return [0] + ((try? JSON.bytes(value)) ?? Array("\(value)".utf8))
    }
}
