import FoundationEssentials
import Synchronization

/// Zones by name: fixed offsets such as `+02:00`, `-9:30` and `UTC`, else the system's time zone database.
enum TimeZones {
    /// Zones read so far, nil for those that there are none of. Bounded, because names may come from records.
    private static let cache = Mutex<[String: TimeZoneTable?]>([:])

    private static let cacheLimit = 1_000

    /// Seconds east of UTC at a moment.
    static func offset(_ name: String, at seconds: Int64) throws(Fault) -> Int64 {
        if name == "UTC" || name == "Z" || name.isEmpty { return 0 }
        if let fixed = fixedOffset(name) { return fixed }
        guard let table = table(name) else {
            throw .other("unknown time zone \"\(name)\" (names are those of the system's time zone database)")
        }
        return table.offset(at: seconds)
    }

    /// `+hh:mm`, `-hh:mm` or `hh:mm`.
    private static func fixedOffset(_ name: String) -> Int64? {
        let isNegative = name.first == "-"
        let digits = isNegative || name.first == "+" ? name.dropFirst() : name[...]
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, digits.utf8.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ":") }), parts[1].utf8.count == 2,
            let hours = Int64(parts[0]), let minutes = Int64(parts[1]), hours < 24, minutes < 60
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (isNegative ? -1 : 1)
    }

    private static func table(_ name: String) -> TimeZoneTable? {
        if let known = cache.withLock({ $0[name] }) { return known }
        let table = read(name)
        cache.withLock { if $0.count < cacheLimit { $0[name] = table } }
        return table
    }

    /// The one place where an expression touches the machine: the zone's rules change with the system, not with the program.
    private static func read(_ name: String) -> TimeZoneTable? {
        let isPlain = name.utf8.allSatisfy { $0.isIdentifierStart || $0.isDigit || [0x2B, 0x2D, 0x2F].contains($0) }
        guard isPlain, !name.hasPrefix("/"), name.utf8.count <= 64 else { return nil }
        return FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").flatMap { TimeZoneTable(file: [UInt8]($0)) }
    }
}
