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
            guard String(validating: bytes, as: UTF8.self) != nil else {
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
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw ProcessorError(
                .invalidUTF8, "The text is not valid UTF-8", offset: invalidOffset(bytes), hint: "Use the raw serializer for bytes.")
        }
        return .string(string)
    }

    /// The index of the first byte that cannot be part of UTF-8.
    private static func invalidOffset(_ bytes: ArraySlice<UInt8>) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var index = bytes.startIndex
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { index += UTF8.width(scalar) }
        return index
    }
}
