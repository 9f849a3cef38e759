public import Records

/// Why a value could not be written, a record's data not be read, or a processor not be made.
public struct ProcessorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong; the raw value is stable.
    public enum Code: String, Sendable {
        /// The data is not JSON.
        case invalidJSON = "invalid_json"
        /// The data is not MessagePack, or holds what a record cannot.
        case invalidMessagePack = "invalid_msgpack"
        /// The data is not a row of netstrings.
        case invalidNetstring = "invalid_netstring"
        /// The data is not text.
        case invalidUTF8 = "invalid_utf8"
        /// The serializer has no form for the value.
        case notSerializable = "not_serializable"
        /// The item would be read back as something else than was written.
        case breaksFraming = "breaks_framing"
        /// The item alone is over the processor's limit.
        case itemTooLarge = "item_too_large"
        /// The data is not compressed as the processor says.
        case invalidCompression = "invalid_compression"
        /// The data would take too much memory when decompressed.
        case decompressedTooLarge = "decompressed_too_large"
        /// The processor's maximum size is out of range.
        case invalidMaxSize = "invalid_max_size"
        /// The aggregator cannot frame what the serializer writes, or what it writes must not be compressed.
        case unsupportedPair = "unsupported_pair"
    }

    /// What went wrong.
    public var code: Code
    /// One sentence for a person, without a full stop.
    public var message: String
    /// Where in the record's data, counted in bytes from 0, where that is known.
    public var offset: Int?
    /// What the reader can do about it, where there is something to be said.
    public var hint: String?

    init(_ code: Code, _ message: String, offset: Int? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
        self.hint = hint
    }

    /// The sentence with its place.
    public var description: String {
        offset.map { "\(message) at byte \($0)" } ?? message
    }

    /// The error as the agent reports it.
    public var failure: Failure { Failure(code.rawValue, description, hint: hint) }
}

extension ProcessorError {
    /// An item of `size` bytes where `limit` is allowed.
    static func itemTooLarge(_ size: Int, limit: Int) -> ProcessorError {
        ProcessorError(
            .itemTooLarge, "An item of \(size) bytes is over the processor's limit of \(limit) bytes",
            hint: "Raise the processor's max_size, or make the record smaller before it is written.")
    }
}
