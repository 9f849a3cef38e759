import JSON
import Records

/// Text; scalars that are not text are written as Python's `str()` shows them.
enum StringSerializer: Serializer {
    static func serialize(_ value: Value, into output: inout [UInt8]) throws(ProcessorError) {
        switch value {
        case .string(let string): output.append(contentsOf: string.utf8)
        case .null: output.append(contentsOf: "None".utf8)
        case .bool(let flag): output.append(contentsOf: flag ? "True".utf8 : "False".utf8)
        case .double(let double) where !double.isFinite:
            output.append(contentsOf: double.isNaN ? "nan".utf8 : double < 0 ? "-inf".utf8 : "inf".utf8)
        case .int, .bigInteger, .double: try JSONSerializer.serialize(value, into: &output)
        case .bytes(let bytes):
            guard (try? UTF8Span(validating: bytes.span)) != nil else {
                throw ProcessorError(
                    .notSerializable, "Bytes that are not UTF-8 cannot be written as text", hint: "Use the raw serializer.")
            }
            output.append(contentsOf: bytes)
        case .list, .map, .ext:
            throw ProcessorError(
                .notSerializable, "The string serializer cannot write a value of type \(value.typeName)",
                hint: "Use the json serializer, or make it text with an expression.")
        }
    }

    static func deserialize(_ bytes: ArraySlice<UInt8>) throws(ProcessorError) -> Value {
        do { return .string(String(copying: try UTF8Span(validating: bytes.span))) } catch {
            throw ProcessorError(
                .invalidUTF8, "The text is not valid UTF-8", offset: bytes.startIndex + error.byteOffsets.lowerBound,
                hint: "Use the raw serializer for bytes.")
        }
    }
}
