import Coordination
import Records

/// A position as two columns: a word or the digits of a sequence number, and a number that goes with it.
///
/// | position | word | sub |
/// |---|---|---|
/// | trim horizon | `TRIM_HORIZON` | empty |
/// | timestamp | `AT_TIMESTAMP` | milliseconds since 1970 |
/// | record inside an aggregate | digits | index |
/// | whole record | digits | empty |
/// | end of shard | `SHARD_END` | empty |
struct PositionText: Hashable {
    var word: String
    var sub: String

    init(word: String, sub: String) {
        self.word = word
        self.sub = sub
    }

    init(_ position: Position) {
        switch position {
        case .trimHorizon: self.init(word: "TRIM_HORIZON", sub: "")
        case .timestamp(let milliseconds): self.init(word: "AT_TIMESTAMP", sub: String(milliseconds))
        case .sequence(let number, let index): self.init(word: number.digits, sub: index.map(String.init) ?? "")
        case .shardEnd: self.init(word: "SHARD_END", sub: "")
        }
    }

    /// Nil for anything that `init(_:)` does not write.
    var position: Position? {
        switch (word, sub) {
        case ("TRIM_HORIZON", ""): return .trimHorizon
        case ("SHARD_END", ""): return .shardEnd
        case ("AT_TIMESTAMP", _): return Int64(sub).map(Position.timestamp)
        default:
            guard let number = SequenceNumber(word) else { return nil }
            guard !sub.isEmpty else { return .sequence(number, subSequence: nil) }
            return Int(sub).map { .sequence(number, subSequence: $0) }
        }
    }
}

/// Parents in one column, separated by commas; a comma inside an id is escaped.
enum ParentsText {
    static func text(_ parents: [String]) -> String {
        parents.map { PercentText.encode($0, "%,") }.joined(separator: ",")
    }

    static func parents(_ text: String) -> [String] {
        text.split(separator: ",").map { PercentText.decode($0) }
    }
}

/// A hash range in two columns of decimal digits, both empty where there is none.
enum HashRangeText {
    static func texts(_ range: HashRange?) -> (start: String, end: String) {
        range.map { (String($0.start), String($0.end)) } ?? ("", "")
    }

    static func range(start: String, end: String) -> HashRange? {
        guard let start = HashKey(start), let end = HashKey(end) else { return nil }
        return HashRange(start: start, end: end)
    }
}

/// Percent-encoding (RFC 3986, section 2.1) of chosen ASCII characters.
enum PercentText {
    static func encode(_ text: some StringProtocol, _ reserved: String) -> String {
        guard text.contains(where: { reserved.contains($0) }) else { return String(text) }
        var out: [UInt8] = []
        for byte in text.utf8 {
            if reserved.utf8.contains(byte) {
                out += "%\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))".utf8
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// A `%` without two hexadecimal digits after it stands for itself.
    static func decode(_ text: some StringProtocol) -> String {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, rest.prefix(2).allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                out.append(value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
