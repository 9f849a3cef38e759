import JSON
import Records

/// JSON, written as Python's `json.dumps` does.
enum JSONSerializer: Serializer {
    static func serialize(_ value: Value, into output: inout [UInt8]) throws(ProcessorError) {
        do { try JSON.write(value, style: .python, into: &output) } catch {
            throw ProcessorError(
                .notSerializable, error.description, hint: "Use the msgpack serializer, or turn the bytes into text with an expression.")
        }
    }

    static func deserialize(_ bytes: ArraySlice<UInt8>) throws(ProcessorError) -> Value {
        do { return try JSON.parse(bytes) } catch { throw located(error, in: bytes) }
    }

    /// The error of a text in the data that `bytes` is of.
    static func located(_ error: JSONError, in bytes: ArraySlice<UInt8>) -> ProcessorError {
        ProcessorError(.invalidJSON, error.message, offset: error.offset.map { bytes.startIndex + $0 })
    }
}
