import Records

/// Bytes as they are.
enum RawSerializer: Serializer {
    static func serialize(_ value: Value, into output: inout [UInt8]) throws(ProcessorError) {
        switch value {
        case .bytes(let bytes): output.append(contentsOf: bytes)
        case .string(let string): output.append(contentsOf: string.utf8)
        default:
            throw ProcessorError(
                .notSerializable, "The raw serializer takes bytes or text, not a value of type \(value.typeName)",
                hint: "Use the json or msgpack serializer.")
        }
    }

    static func deserialize(_ bytes: ArraySlice<UInt8>) throws(ProcessorError) -> Value {
        .bytes([UInt8](bytes))
    }
}
