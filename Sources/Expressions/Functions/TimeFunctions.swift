/// Parts of timestamps, in UTC or in a zone, and of durations.
enum TimeFunctions {
    static let all: [Function] = [
        part("getFullYear") { $0.date.year },
        part("getMonth") { Int64($0.date.month - 1) },
        part("getDate") { Int64($0.date.day) },
        part("getDayOfMonth") { Int64($0.date.day - 1) },
        // 1970-01-01 was a Thursday; 0 is Sunday.
        part("getDayOfWeek") { floorDivision($0.days + 4, 7).remainder },
        part("getDayOfYear") { $0.date.dayOfYear },
        part("getHours", ofDuration: { $0.nanoseconds / 3_600_000_000_000 }, { $0.secondOfDay / 3_600 }),
        part("getMinutes", ofDuration: { $0.nanoseconds / 60_000_000_000 }, { $0.secondOfDay / 60 % 60 }),
        part("getSeconds", ofDuration: { $0.nanoseconds / 1_000_000_000 }, { $0.secondOfDay % 60 }),
        // Of a duration too it is the part below the second, not the whole.
        part("getMilliseconds", ofDuration: { $0.nanoseconds / 1_000_000 % 1_000 }, { Int64($0.nanoseconds) / 1_000_000 }),
    ]

    /// A timestamp as the clocks and calendars of a place show it.
    private struct LocalTime {
        let days: Int64
        let secondOfDay: Int64
        let nanoseconds: Int32

        init(_ moment: Timestamp, offset: Int64) {
            (days, secondOfDay) = floorDivision(moment.seconds + offset, 86_400)
            nanoseconds = moment.nanoseconds
        }

        var date: CivilDate { CivilDate(daysSinceEpoch: days) }
    }

    private static func part(
        _ name: String, ofDuration: (@Sendable (TimeSpan) -> Int64)? = nil, _ ofTime: @escaping @Sendable (LocalTime) -> Int64
    ) -> Function {
        let durations: [Function.Signature] = ofDuration == nil ? [] : [.init([.duration], .int)]
        return .member(
            name, [.init([.timestamp], .int), .init([.timestamp, .string], .int)] + durations,
            .many { (operands, _) throws(Fault) in
                switch operands[0] {
                case .timestamp(let moment):
                    var offset: Int64 = 0
                    if operands.count == 2 { offset = try TimeZones.offset(try operands[1].asString(), at: moment.seconds) }
                    return .int(ofTime(LocalTime(moment, offset: offset)))
                case .duration(let span):
                    guard let ofDuration, operands.count == 1 else { throw .noOverload(name, operands.map(\.typeName)) }
                    return .int(ofDuration(span))
                default: throw .noOverload(name, operands.map(\.typeName))
                }
            })
    }
}
