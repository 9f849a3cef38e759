/// A stream, by its name in the client's own account and region or by its ARN.
public enum StreamIdentifier: Sendable, Hashable, CustomStringConvertible {
    case name(String)
    case arn(StreamARN)

    /// Nil unless `text` is a stream name (`[a-zA-Z0-9_.-]{1,128}`) or a stream ARN, as the API model has them.
    public init?(_ text: String) {
        if text.hasPrefix("arn:") {
            guard let arn = StreamARN(text) else { return nil }
            self = .arn(arn)
        } else {
            guard Self.isName(text) else { return nil }
            self = .name(text)
        }
    }

    /// The stream's name, which an ARN ends with.
    public var name: String {
        switch self {
        case .name(let name): name
        case .arn(let arn): arn.name
        }
    }

    /// As `init(_:)` reads it.
    public var description: String {
        switch self {
        case .name(let name): name
        case .arn(let arn): arn.text
        }
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}

/// `arn:aws:kinesis:eu-west-1:123456789012:stream/orders`.
public struct StreamARN: Sendable, Hashable {
    /// The whole ARN.
    public let text: String
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    public let partition: String
    /// The region of the stream; calls go to the client's own.
    public let region: String
    /// Twelve digits.
    public let account: String
    /// The stream's name.
    public let name: String

    /// Nil unless `text` is the ARN of a Kinesis stream.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "kinesis", !parts[3].isEmpty else { return nil }
        guard parts[4].utf8.count == 12, parts[4].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard parts[5].hasPrefix("stream/"), StreamIdentifier.isName(parts[5].dropFirst(7)) else { return nil }
        self.text = text
        partition = String(parts[1])
        region = String(parts[3])
        account = String(parts[4])
        name = String(parts[5].dropFirst(7))
    }
}
