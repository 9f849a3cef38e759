import Records

/// One item to bytes and back.
protocol Serializer {
    /// Appends the item's bytes; what is appended when it throws is undefined.
    static func serialize(_ value: Value, into output: inout [UInt8]) throws(ProcessorError)
    /// The item that `bytes` are; offsets in errors are indices of the slice.
    static func deserialize(_ bytes: ArraySlice<UInt8>) throws(ProcessorError) -> Value
}
