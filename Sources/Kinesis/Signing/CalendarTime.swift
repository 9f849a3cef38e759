/// A moment of the Gregorian calendar in UTC, to the second: what AWS's date formats are written from and read into.
struct CalendarTime: Sendable, Hashable {
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int

    /// Days are counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
    init(secondsSince1970 seconds: Int64) {
        let (days, rest) = (Int(Self.floorDivide(seconds, 86_400)), Int(seconds - Self.floorDivide(seconds, 86_400) * 86_400))
        let shifted = days + Self.daysFromMarch0To1970
        let era = Int(Self.floorDivide(Int64(shifted), 146_097))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    }

    var secondsSince1970: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = Int(Self.floorDivide(Int64(marchYear), 400))
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - Self.daysFromMarch0To1970
        return Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    /// `20260102`: the date of a signature's scope.
    var basicDate: String { Self.padded(year, 4) + Self.padded(month, 2) + Self.padded(day, 2) }

    /// `20260102T030405Z`: the value of `X-Amz-Date`.
    var basicTime: String { "\(basicDate)T\(Self.padded(hour, 2))\(Self.padded(minute, 2))\(Self.padded(second, 2))Z" }

    /// Days from 1 March of the year 0 until 1 January 1970.
    private static let daysFromMarch0To1970 = 719_468

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension CalendarTime {
    /// Nil unless `text` is an HTTP date (RFC 9110, section 5.6.7, IMF-fixdate): `Fri, 02 Jan 2026 03:04:05 GMT`.
    init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT" else { return nil }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let month = months.firstIndex(of: String(parts[2])) else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3 else { return nil }
        self.init(
            year: Self.number(parts[3], digits: 4), month: month + 1, day: Self.number(parts[1], digits: 2),
            hour: Self.number(clock[0], digits: 2), minute: Self.number(clock[1], digits: 2), second: Self.number(clock[2], digits: 2))
    }

    /// Nil unless `text` is a time as AWS writes expirations (RFC 3339): `2026-01-02T03:04:05Z`, with or without a fraction or an offset.
    init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        guard bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":") else { return nil }
        func part(_ range: Range<Int>) -> Int? { Self.number(String(decoding: bytes[range], as: UTF8.self), digits: range.count) }
        guard
            let local = CalendarTime(
                year: part(0..<4), month: part(5..<7), day: part(8..<10), hour: part(11..<13), minute: part(14..<16), second: part(17..<19))
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst().drop { (0x30...0x39).contains($0) } }
        if rest.count == 1, rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "z") {
            self = local
            return
        }
        guard rest.count == 6, let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let start = rest.startIndex
        guard rest[start + 3] == UInt8(ascii: ":"), let hours = part(start + 1..<start + 3), let minutes = part(start + 4..<start + 6)
        else {
            return nil
        }
        let offset = Int64(hours * 3600 + minutes * 60)
        self.init(secondsSince1970: local.secondsSince1970 + (sign == UInt8(ascii: "+") ? -offset : offset))
    }

    private init?(year: Int?, month: Int?, day: Int?, hour: Int?, minute: Int?, second: Int?) {
        guard let year, let month, let day, let hour, let minute, let second else { return nil }
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        (self.year, self.month, self.day, self.hour, self.minute, self.second) = (year, month, day, hour, minute, second)
    }

    private static func number(_ text: some StringProtocol, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
