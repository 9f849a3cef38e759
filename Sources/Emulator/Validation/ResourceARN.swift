/// `arn:aws:kinesis:us-east-1:000000000000:stream/orders`.
struct StreamARN: Sendable, Hashable {
    var region: String
    var account: String
    var name: String

    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "kinesis" else { return nil }
        guard parts[4].utf8.count == 12, parts[4].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard parts[5].hasPrefix("stream/"), parts[5].utf8.count > 7, !parts[5].contains(where: \.isWhitespace) else { return nil }
        region = String(parts[3])
        account = String(parts[4])
        name = String(parts[5].dropFirst(7))
    }
}

/// `arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:1800000000`.
struct ConsumerARN: Sendable, Hashable {
    let text: String
    let stream: StreamARN
    let name: String
    let createdSeconds: Int64

    init?(_ text: String) {
        guard let whole = StreamARN(text) else { return nil }
        let parts = whole.name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1] == "consumer", Pattern.name.matches(String(parts[0])) else { return nil }
        let consumer = parts[2].split(separator: ":", omittingEmptySubsequences: false)
        guard consumer.count == 2, Pattern.name.matches(String(consumer[0])), let seconds = Int64(consumer[1]), seconds >= 0 else {
            return nil
        }
        self.text = text
        var stream = whole
        stream.name = String(parts[0])
        self.stream = stream
        name = String(consumer[0])
        createdSeconds = seconds
    }
}
