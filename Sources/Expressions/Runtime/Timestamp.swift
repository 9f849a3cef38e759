/// A CEL timestamp: a moment between the years 1 and 9999, in nanoseconds.
struct Timestamp: Sendable, Hashable, Comparable {
    /// Seconds since 1970, UTC, rounded down.
    let seconds: Int64
    /// 0 to 999,999,999.
    let nanoseconds: Int32

    static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z, the range of google.protobuf.Timestamp.
    private static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// Nil outside of the range.
    init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard Self.range.contains(seconds) else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Nil outside of the range.
    init?(milliseconds: Int64) {
        let (seconds, rest) = floorDivision(milliseconds, 1_000)
        self.init(seconds: seconds, nanoseconds: Int32(rest) * 1_000_000)
    }

    private var total: Int128 { Int128(seconds) * 1_000_000_000 + Int128(nanoseconds) }

    /// Nil outside of the range.
    func advanced(by span: TimeSpan) -> Timestamp? {
        let (seconds, nanoseconds) = (total + Int128(span.nanoseconds)).flooredSeconds
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// Nil where the distance is no duration.
    func distance(from other: Timestamp) -> TimeSpan? {
        TimeSpan(exactly: total - other.total)
    }
}

extension Int128 {
    fileprivate var flooredSeconds: (Int64, Int32) {
        var (quotient, remainder) = quotientAndRemainder(dividingBy: 1_000_000_000)
        if remainder < 0 {
            quotient -= 1
            remainder += 1_000_000_000
        }
        return (Int64(quotient), Int32(remainder))
    }
}

func floorDivision(_ dividend: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

// MARK: - RFC 3339

extension Timestamp {
    /// Nil unless `text` is a timestamp as RFC 3339 has it, within the range.
    init?(text: String) {
        var scanner = DigitScanner(bytes: Array(text.utf8))
        guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
            let day = scanner.number(2), scanner.take("T") || scanner.take("t"),
            let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2), scanner.take(":"),
            let second = scanner.number(2)
        else { return nil }
        var nanoseconds: Int64 = 0
        if scanner.take(".") {
            guard let fraction = scanner.fraction() else { return nil }
            nanoseconds = fraction
        }
        guard let offset = scanner.zone(), scanner.isAtEnd else { return nil }
        guard (1...12).contains(month), hour < 24, minute < 60, second < 60, day >= 1,
            day <= CivilDate.days(inMonth: Int(month), ofYear: year)
        else { return nil }
        let date = CivilDate(year: year, month: Int(month), day: Int(day))
        self.init(
            seconds: date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second - offset, nanoseconds: Int32(nanoseconds))
    }

    /// RFC 3339 in UTC, the fraction without trailing zeros.
    var text: String {
        let (days, second) = floorDivision(seconds, 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        let clock = "\(padded(second / 3_600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        return "\(padded(date.year, 4))-\(padded(Int64(date.month), 2))-\(padded(Int64(date.day), 2))"
            + "T\(clock)\(TimeSpan.fraction(UInt64(nanoseconds)))Z"
    }
}

/// `number` in at least `width` digits.
func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Reads fixed digits and signs from the front of a text.
struct DigitScanner {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func number(_ count: Int) -> Int64? {
        guard position + count <= bytes.count else { return nil }
        let digits = bytes[position..<position + count]
        guard digits.allSatisfy(\.isDigit) else { return nil }
        position += count
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Nanoseconds; digits beyond the ninth are dropped.
    mutating func fraction() -> Int64? {
        let digits = bytes[position...].prefix(while: \.isDigit)
        guard !digits.isEmpty else { return nil }
        position += digits.count
        let value = digits.prefix(9).reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        return (digits.count..<max(digits.count, 9)).reduce(value) { value, _ in value * 10 }
    }

    /// `Z` or `+hh:mm` in seconds east of UTC.
    mutating func zone() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isNegative = take("-")
        guard isNegative || take("+") else { return nil }
        guard let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return (hours * 3_600 + minutes * 60) * (isNegative ? -1 : 1)
    }
}
