/// An integer of any size as its decimal digits: kept for pass-through, never calculated with.
public struct BigInteger: Sendable, Hashable, CustomStringConvertible {
    /// Decimal digits with a leading `-` where negative: no `+`, no leading zeros.
    public let digits: String

    /// Nil unless `text` is `-?(0|[1-9][0-9]*)`.
    public init?(_ text: some StringProtocol) {
        let magnitude = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard let first = magnitude.first, magnitude.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard first != 0x30 || magnitude.count == 1 else { return nil }
        digits = String(text)
    }

    /// For people.
    public var description: String { digits }
}
