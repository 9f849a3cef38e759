/// A reply of Redis (RESP2, redis.io/docs/latest/develop/reference/protocol-spec).
enum RESPValue: Sendable, Hashable {
    case status(String)
    case string([UInt8])
    case integer(Int64)
    case null
    case array([RESPValue])
    case error(RESPError)
}

/// An error reply: `WRONGPASS invalid username-password pair`.
struct RESPError: Error, Sendable, Hashable, CustomStringConvertible {
    let text: String

    /// The first word, in capitals by convention: `ERR`, `NOSCRIPT`, `WRONGPASS`.
    var code: String { String(text.prefix { $0 != " " }) }
    var description: String { text }
}

extension RESPValue {
    /// The text of a string or status, the digits of an integer; nil for anything else.
    var text: String? {
        switch self {
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let text): text
        case .integer(let number): String(number)
        case .null, .array, .error: nil
        }
    }

    /// An integer, or a string of its digits: hash fields are always strings.
    var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .string(let bytes): Int64(String(decoding: bytes, as: UTF8.self))
        case .status, .null, .array, .error: nil
        }
    }

    var elements: [RESPValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }
}
