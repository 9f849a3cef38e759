/// A moment in UTC for people and for HTTP: Howard Hinnant's `civil_from_days` (chrono-Compatible Low-Level Date Algorithms).
struct UTCDate: Sendable, Hashable {
    private let secondsOfDay: Int64
    private let weekday: Int
    private let year: Int64
    private let month: Int
    private let day: Int64

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Since 1970; not before it.
    init(milliseconds: Int64) {
        let seconds = max(0, milliseconds / 1_000)
        let days = seconds / 86_400
        secondsOfDay = seconds % 86_400
        weekday = Int((days + 4) % 7)
        // Years begin in March here, so that the leap day is the last of its year.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `Sun, 22 Nov 2026 21:00:00 GMT` (RFC 9110, IMF-fixdate).
    var httpText: String {
        "\(Self.weekdays[weekday]), \(padded(day)) \(Self.months[month - 1]) \(year) \(clock) GMT"
    }

    /// `Sun Nov 22 21:00:00 UTC 2026`, as AWS writes dates in messages.
    var text: String {
        "\(Self.weekdays[weekday]) \(Self.months[month - 1]) \(padded(day)) \(clock) UTC \(year)"
    }

    /// `20261122T210000Z`: the value of `X-Amz-Date`.
    var basicText: String {
        "\(year)\(padded(Int64(month)))\(padded(day))T\(padded(secondsOfDay / 3_600))\(padded(secondsOfDay / 60 % 60))\(padded(secondsOfDay % 60))Z"
    }

    /// Milliseconds since 1970 of a time like `20261122T210000Z`; nil for any other text.
    static func milliseconds(basicText text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            bytes[range].allSatisfy { (0x30...0x39).contains($0) } ? Int64(String(decoding: bytes[range], as: UTF8.self)) : nil
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8), let hour = number(9..<11),
            let minute = number(11..<13), let second = number(13..<15), (1...12).contains(month), (1...31).contains(day), hour < 24,
            minute < 60, second <= 60
        else { return nil }
        let marchYear = month <= 2 ? year - 1 : year
        let yearOfEra = marchYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = marchYear / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return (days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000
    }

    private var clock: String {
        "\(padded(secondsOfDay / 3_600)):\(padded(secondsOfDay / 60 % 60)):\(padded(secondsOfDay % 60))"
    }

    private func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
