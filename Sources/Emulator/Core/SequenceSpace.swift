import Records

/// The sequence numbers of one shard, and what they are made of.
///
/// A number has 56 decimal digits, as those of AWS do: `49`, the shard's creation in milliseconds since 1970 (13 digits), the
/// record's counter in the shard (19), the shard's index (22). So numbers grow with the counter, those of different shards differ,
/// and a child's, created after its parents, are above all of theirs.
struct SequenceSpace: Sendable, Hashable {
    /// Milliseconds since 1970.
    var createdAt: Int64
    var shardIndex: Int

    static let digitCount = 56
    private static let createdDigits = 13
    private static let counterDigits = 19
    private static let indexDigits = 22

    func number(_ counter: Int64) -> SequenceNumber {
        var digits: [UInt8] = []
        write(counter, to: &digits)
        guard let number = SequenceNumber(String(decoding: digits, as: UTF8.self)) else {
            preconditionFailure("56 digits that begin with 49 are a sequence number")
        }
        return number
    }

    /// Appends the digits of the record's number.
    func write(_ counter: Int64, to digits: inout [UInt8]) {
        digits.append(UInt8(ascii: "4"))
        digits.append(UInt8(ascii: "9"))
        digits.appendPadded(UInt64(createdAt), width: Self.createdDigits)
        digits.appendPadded(UInt64(counter), width: Self.counterDigits)
        digits.appendPadded(UInt64(shardIndex), width: Self.indexDigits)
    }

    /// The counter in `number`; nil when it is not of this shard.
    func counter(of number: SequenceNumber) -> Int64? {
        let digits = Array(number.digits.utf8)
        guard digits.count == Self.digitCount, digits.starts(with: "49".utf8) else { return nil }
        let counterStart = 2 + Self.createdDigits
        let indexStart = counterStart + Self.counterDigits
        guard Self.integer(digits[2..<counterStart]) == createdAt, Self.integer(digits[indexStart...]) == Int64(shardIndex) else {
            return nil
        }
        return Self.integer(digits[counterStart..<indexStart])
    }

    private static func integer(_ digits: ArraySlice<UInt8>) -> Int64? {
        Int64(String(decoding: digits, as: UTF8.self))
    }
}

extension [UInt8] {
    /// Appends a decimal with leading zeros; `value` has at most `width` digits.
    mutating func appendPadded(_ value: UInt64, width: Int) {
        var rest = value
        let end = count + width
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        var position = end
        while rest > 0 {
            position -= 1
            self[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
