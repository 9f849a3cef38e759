/// The rule for all times after a zone's last listed transition: a POSIX `TZ` string such as `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// RFC 9636, section 3.3.1; offsets count west of UTC there and east here.
struct TimeZoneRule: Sendable {
    private let standard: Int64
    private var daylight: (offset: Int64, start: Change, end: Change)?

    /// The day of a year and the local second on which the clocks change.
    private struct Change {
        enum Day {
            /// Weekday `weekday` of week `week` (5: the last) of a month.
            case month(Int, week: Int64, weekday: Int64)
            /// 1 to 365, 29 February never counted.
            case julian(Int64)
            /// 0 to 365.
            case zeroBased(Int64)
        }

        let day: Day
        let second: Int64

        func secondsSinceEpoch(_ year: Int64) -> Int64 {
            let newYear = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
            let days: Int64
            switch day {
            case .zeroBased(let day): days = newYear + day
            case .julian(let day): days = newYear + day - (CivilDate.isLeap(year) && day >= 60 ? 0 : 1)
            case .month(let month, let week, let weekday):
                let first = CivilDate(year: year, month: month, day: 1).daysSinceEpoch
                let skipped = floorDivision(weekday - (first + 4), 7).remainder
                var day = skipped + 7 * (week - 1)
                if day >= CivilDate.days(inMonth: month, ofYear: year) { day -= 7 }
                days = first + day
            }
            return days * 86_400 + second
        }
    }

    func offset(at seconds: Int64) -> Int64 {
        guard let daylight else { return standard }
        let year = CivilDate(daysSinceEpoch: floorDivision(seconds + standard, 86_400).quotient).year
        let start = daylight.start.secondsSinceEpoch(year) - standard
        let end = daylight.end.secondsSinceEpoch(year) - daylight.offset
        // South of the equator summer spans New Year.
        let isDaylight = start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end
        return isDaylight ? daylight.offset : standard
    }

    /// Nil where the text is no such rule.
    init?(_ text: [UInt8]) {
        var scanner = DigitScanner(bytes: text)
        guard scanner.skipZoneName(), let west = scanner.clock() else { return nil }
        standard = -west
        guard !scanner.isAtEnd else { return }
        guard scanner.skipZoneName() else { return nil }
        var offset = standard + 3_600
        if !scanner.take(",") {
            guard let west = scanner.clock(), scanner.take(",") else { return nil }
            offset = -west
        }
        guard let start = Self.change(&scanner), scanner.take(","), let end = Self.change(&scanner), scanner.isAtEnd else { return nil }
        daylight = (offset, start, end)
    }

    private static func change(_ scanner: inout DigitScanner) -> Change? {
        let day: Change.Day
        if scanner.take("M") {
            guard let month = scanner.digits(), scanner.take("."), let week = scanner.digits(), scanner.take("."),
                let weekday = scanner.digits(),
                (1...12).contains(month), (1...5).contains(week), (0...6).contains(weekday)
            else { return nil }
            day = .month(Int(month), week: week, weekday: weekday)
        } else if scanner.take("J") {
            guard let number = scanner.digits() else { return nil }
            day = .julian(number)
        } else {
            guard let number = scanner.digits() else { return nil }
            day = .zeroBased(number)
        }
        guard scanner.take("/") else { return Change(day: day, second: 7_200) }
        return scanner.clock().map { Change(day: day, second: $0) }
    }
}

extension DigitScanner {
    /// `CET` or `<+0330>`.
    fileprivate mutating func skipZoneName() -> Bool {
        let start = position
        if take("<") {
            while position < bytes.count, bytes[position] != UInt8(ascii: ">") { position += 1 }
            return take(">")
        }
        while position < bytes.count, bytes[position].isIdentifierStart { position += 1 }
        return position > start
    }

    fileprivate mutating func digits() -> Int64? {
        let count = bytes[position...].prefix(while: \.isDigit).count
        return count > 0 && count < 6 ? number(count) : nil
    }

    /// `[+-]h[h][h][:mm[:ss]]` in seconds.
    fileprivate mutating func clock() -> Int64? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard let hours = digits() else { return nil }
        var seconds = hours * 3_600
        for unit in [Int64(60), 1] where take(":") {
            guard let value = digits() else { return nil }
            seconds += value * unit
        }
        return isNegative ? -seconds : seconds
    }
}
