import Records

/// MessagePack, with text and bytes kept apart (`use_bin_type` in Python).
enum MessagePackSerializer: Serializer {
    static func serialize(_ value: Value, into output: inout [UInt8]) throws(ProcessorError) {
        try MessagePack.write(value, into: &output)
    }

    static func deserialize(_ bytes: ArraySlice<UInt8>) throws(ProcessorError) -> Value {
        try MessagePack.parse(bytes)
    }
}
