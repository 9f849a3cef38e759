public import Records

/// Why bytes are not JSON, or why a value cannot be.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong; the raw value is stable.
    public enum Code: String, Sendable {
        /// There is nothing but white space.
        case empty = "json_empty"
        /// The text is not JSON.
        case syntax = "json_syntax"
        /// There is more after the value.
        case trailingContent = "json_trailing_content"
        /// A string is not valid UTF-8 or has half of a surrogate pair.
        case invalidUnicode = "json_invalid_unicode"
        /// Arrays and objects are nested deeper than `JSON.maximumDepth`.
        case tooDeep = "json_too_deep"
        /// A number is too large for a double.
        case numberOutOfRange = "json_number_out_of_range"
        /// Two keys of an object have different bytes but are the same text to Unicode, so that one would be lost.
        case equivalentKeys = "json_equivalent_keys"
        /// The value holds something that JSON has no form for.
        case notRepresentable = "json_not_representable"
    }

    /// What went wrong.
    public var code: Code
    /// One sentence for a person, without its place.
    public var message: String
    /// Where in the text, counted in bytes from 0; nil when writing.
    public var offset: Int?
    /// Where in the value, as `.a[0]`; nil when reading.
    public var path: String?

    init(_ code: Code, _ message: String, offset: Int? = nil, path: String? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
        self.path = path
    }

    /// The sentence with its place.
    public var description: String {
        if let offset { return "\(message) at byte \(offset)" }
        if let path { return "\(message) at \(path.isEmpty ? "the top" : path)" }
        return message
    }

    /// The error as the agent reports it.
    public var failure: Failure { Failure(code.rawValue, description) }
}
