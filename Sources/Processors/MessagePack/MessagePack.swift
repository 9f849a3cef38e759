public import Records

/// The MessagePack format (github.com/msgpack/msgpack, spec.md), as Python's msgpack with `use_bin_type=True` and `raw=False` has it.
public enum MessagePack {
    /// How deep arrays and maps may be nested.
    public static let maximumDepth = 512

    /// Reads exactly one value. Keys of maps must be strings, and strings UTF-8; of a key given twice the last value wins.
    public static func parse(_ bytes: ArraySlice<UInt8>) throws(ProcessorError) -> Value {
        let start = bytes.startIndex
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(ProcessorError) in
                var reader = MessagePackReader(bytes)
                return try reader.readDocument()
            }
        }
        do { return try result.get() } catch {
            throw ProcessorError(error.code, error.message, offset: error.offset.map { start + $0 }, hint: error.hint)
        }
    }

    /// Appends a value in its shortest encoding; doubles are always 64-bit.
    ///
    /// Throws `notSerializable` for an integer past 64 bits, and for what is nested deeper than `maximumDepth`.
    public static func write(_ value: Value, into output: inout [UInt8]) throws(ProcessorError) {
        var writer = MessagePackWriter()
        try writer.write(value, into: &output)
    }

    /// The same of JSON that is not decoded.
    static func write(_ text: JSONText, into output: inout [UInt8]) throws(ProcessorError) {
        var writer = MessagePackWriter()
        try writer.write(text.root, into: &output)
    }
}
