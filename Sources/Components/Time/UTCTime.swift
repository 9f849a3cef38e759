import Glibc

/// A moment as people and file names write it, in UTC.
public struct UTCTime: Sendable, Hashable {
    /// Since 1970.
    public var milliseconds: Int64

    /// A moment in milliseconds since 1970.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// By the machine's clock.
    public static func now() -> UTCTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UTCTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// RFC 3339 with milliseconds: `2026-01-02T03:04:05.678Z`.
    public var rfc3339: String {
        let fraction = String(1_000 + fractionalMilliseconds).dropFirst()
        return "\(formatted("%Y-%m-%dT%H:%M:%S")).\(fraction)Z"
    }

    /// As strftime(3) writes it. Empty where the result would have more than 1,000 bytes.
    public func formatted(_ format: String) -> String {
        var seconds = time_t((milliseconds - fractionalMilliseconds) / 1_000)
        var fields = tm()
        gmtime_r(&seconds, &fields)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1_001) { buffer in
            // The format is never empty here, so that 0 means that there was no room.
            strftime(buffer.baseAddress, buffer.count, format, &fields) > 0 ? String(cString: buffer.baseAddress!) : ""
        }
    }

    /// 0 to 999, before 1970 as well.
    private var fractionalMilliseconds: Int64 { ((milliseconds % 1_000) + 1_000) % 1_000 }
}
