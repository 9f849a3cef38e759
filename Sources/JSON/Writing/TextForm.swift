/// How a style of JSON differs from another: known when compiling, so that the writer asks nothing while it runs.
protocol TextForm {
    /// Between two items.
    static var comma: StaticString { get }
    /// Between a key and its value.
    static var colon: StaticString { get }
    /// Whether what is not printable ASCII becomes `\uXXXX`, 0x7F with it.
    static var isASCII: Bool { get }
    /// Whether `NaN` and `Infinity` may be written.
    static var allowsNonFinite: Bool { get }
}

/// The smallest text that RFC 8259 allows.
enum CompactForm: TextForm {
    static var comma: StaticString { "," }
    static var colon: StaticString { ":" }
    static var isASCII: Bool { false }
    static var allowsNonFinite: Bool { false }
}

/// Python's `json.dumps` as it is without options.
enum PythonForm: TextForm {
    static var comma: StaticString { ", " }
    static var colon: StaticString { ": " }
    static var isASCII: Bool { true }
    static var allowsNonFinite: Bool { true }
}
