/// A moment: RFC 3339, or seconds since 1970 with or without a fraction.
public struct TimestampSetting: ConfigValue, Hashable {
    /// Since 1970, UTC.
    public var milliseconds: Int64

    /// A moment by its milliseconds since 1970, UTC.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// For docs and messages.
    public static var expectation: String { "a time such as 2026-01-02T03:04:05Z, or seconds since 1970" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .either([.string, .number]) }

    /// Reports what is no time.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> TimestampSetting? {
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        guard let value = TimestampSetting(scalar.text) else {
            context.mismatch(node, expected: expectation)
            return nil
        }
        return value
    }

    /// Nil unless `text` is a date-time of RFC 3339 (section 5.6), from year 0001 on, or a number of seconds from 0 up to the year 9999.
    public init?(_ text: String) {
        if let seconds = Double(text), seconds >= 0, seconds < 253_402_300_800 {
            milliseconds = Int64((seconds * 1_000).rounded())
        } else if let value = Self.dateTime(Array(text.utf8)) {
            milliseconds = value
        } else {
            return nil
        }
    }

    private static func dateTime(_ bytes: [UInt8]) -> Int64? {
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), [0x54, 0x74, 0x20].contains(bytes[10]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), let year = number(0..<4), let month = number(5..<7),
            let day = number(8..<10), let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            year >= 1, (1...12).contains(month), day >= 1, day <= daysInMonth(month, year), hour < 24, minute < 60, second <= 60
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if bytes[index] == UInt8(ascii: ".") {
            let digits = bytes[(index + 1)...].prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return nil }
            fraction = (Array(digits) + [0x30, 0x30]).prefix(3).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
            index += 1 + digits.count
        }
        guard let offset = zone(bytes[index...], number) else { return nil }
        let days = daysSinceEpoch(year, month, day)
        return ((days * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1_000 + fraction
    }

    /// Minutes east of UTC.
    private static func zone(_ text: ArraySlice<UInt8>, _ number: (Range<Int>) -> Int64?) -> Int64? {
        if text.elementsEqual([UInt8(ascii: "Z")]) || text.elementsEqual([UInt8(ascii: "z")]) { return 0 }
        let start = text.startIndex
        guard text.count == 6, text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"), text[start + 3] == UInt8(ascii: ":"),
            let hours = number((start + 1)..<(start + 3)), let minutes = number((start + 4)..<(start + 6)), hours < 24, minutes < 60
        else { return nil }
        return (text[start] == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    private static func daysInMonth(_ month: Int64, _ year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March so that the leap day is the last.
    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let y = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear - 719_468
    }
}
