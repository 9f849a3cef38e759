import CSimdjson
public import Records

/// JSON texts (RFC 8259) into values and back.
///
/// What round trips: integers of any size, doubles as doubles (`1.0` stays `1.0`), the order of keys. Of a key given twice the last
/// value wins. Python's `NaN`, `Infinity` and `-Infinity` are read, since async-kinesis writes them.
public enum JSON {
    /// How deep arrays and objects may be nested.
    public static let maximumDepth = 1024

    /// How a value is written.
    public enum Style: Sendable {
        /// No spaces, UTF-8 as it is, only the escapes that RFC 8259 demands. Refuses what is not finite.
        case compact
        /// The bytes of Python's `json.dumps`: `", "` and `": "`, ASCII only, `NaN` and `Infinity`.
        case python
    }

    /// Parses one JSON text.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> Value {
        try bytes.withUnsafeBytes { bytes in Result { () throws(JSONError) in try parse(bytes) } }.get()
    }

    /// Parses one JSON text; offsets in errors count from the start of the slice.
    public static func parse(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> Value {
        try bytes.withUnsafeBytes { bytes in Result { () throws(JSONError) in try parse(bytes) } }.get()
    }

    /// Parses one JSON text.
    public static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> Value {
        if let value = parseOnTape(bytes) { return value }
        var reader = ScalarReader(bytes)
        return try reader.readDocument()
    }

    /// Parses one JSON text and hands it over as it lies on the tape: for texts of which little is asked. Nil, without a call, where a
    /// tape cannot hold it or it is no JSON; `parse` knows which. The node is gone when `body` returns, and `body` must parse nothing.
    public static func withNode<Result>(of bytes: [UInt8], _ body: (JSONNode) throws -> Result) rethrows -> Result? {
        try bytes.withUnsafeBytes { bytes in
            defer { releaseLargeBuffers(bytes.count) }
            let document = document(bytes)
            guard document.accepted, document.is_plain, let tape = document.tape, let strings = document.strings else { return nil }
            return try body(JSONNode(words: tape, strings: strings, index: 1))
        }
    }

    /// Appends a value as JSON text; on an error `output` is as it was before.
    public static func write(_ value: Value, style: Style = .compact, into output: inout [UInt8]) throws(JSONError) {
        var text = TextBuffer()
        switch style {
        case .compact: try write(value, CompactForm.self, into: &text)
        case .python: try write(value, PythonForm.self, into: &text)
        }
        output.append(contentsOf: text.bytes)
    }

    /// A value as JSON text.
    public static func bytes(_ value: Value, style: Style = .compact) throws(JSONError) -> [UInt8] {
        var output: [UInt8] = []
        try write(value, style: style, into: &output)
        return output
    }

    /// The value as simdjson reads it; nil where simdjson refuses, or where its tape holds what a `Value` cannot.
    private static func parseOnTape(_ bytes: UnsafeRawBufferPointer) -> Value? {
        defer { releaseLargeBuffers(bytes.count) }
        let document = document(bytes)
        guard document.accepted, let tape = document.tape, let strings = document.strings else { return nil }
        return JSONNode(words: tape, strings: strings, index: 1).checkedValue
    }

    /// What simdjson makes of a text: in memory of this thread, until the next call.
    ///
    /// - Parameter readable: the bytes that may be read from the text's beginning on, whatever they are behind its end: with enough of
    ///   them it need not be copied.
    static func document(_ bytes: UnsafeRawBufferPointer, readable: Int? = nil) -> csimdjson_document {
        guard let start = bytes.baseAddress else { return csimdjson_document() }
        return csimdjson_parse(start.assumingMemoryBound(to: UInt8.self), bytes.count, readable ?? bytes.count, maximumDepth + 1)
    }

    /// A thread keeps the parser's buffers; those of a rare giant go back at once.
    static func releaseLargeBuffers(_ textSize: Int) {
        if textSize > largestKeptText { csimdjson_release() }
    }

    private static let largestKeptText = 1 << 20
}
