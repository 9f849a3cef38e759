/// A regular expression of the API's model: its text, for messages, and a matcher for whole strings.
struct Pattern: Sendable {
    let text: String
    let matches: @Sendable (String) -> Bool

    /// StreamName, ShardId, ConsumerName.
    static let name = Pattern(text: "[a-zA-Z0-9_.-]+") { text in
        !text.isEmpty
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    /// HashKey.
    static let hashKey = Pattern(text: "0|([1-9]\\d{0,38})") { isDecimal($0, digits: 39) }

    /// SequenceNumber.
    static let sequenceNumber = Pattern(text: "0|([1-9]\\d{0,128})") { isDecimal($0, digits: 129) }

    /// StreamARN.
    static let streamARN = Pattern(text: "arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+") { StreamARN($0) != nil }

    /// ConsumerARN.
    static let consumerARN = Pattern(
        text: "^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+"
    ) { ConsumerARN($0) != nil }

    /// ResourceARN: of a stream or a consumer.
    static let resourceARN = Pattern(text: "arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+") { StreamARN($0) != nil }

    /// StreamId.
    static let streamID = Pattern(text: "[a-z0-9]{20}-[a-z0-9]{3}") { text in
        let utf8 = Array(text.utf8)
        guard utf8.count == 24, utf8[20] == UInt8(ascii: "-") else { return false }
        return (utf8[..<20] + utf8[21...]).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    private static func isDecimal(_ text: String, digits: Int) -> Bool {
        let utf8 = text.utf8
        guard let first = utf8.first, utf8.count <= digits, utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return first != UInt8(ascii: "0") || utf8.count == 1
    }
}
