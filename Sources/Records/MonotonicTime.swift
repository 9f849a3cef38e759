/// A moment on a clock that never goes back, as state machines are told it: only differences mean anything.
public struct MonotonicTime: Sendable, Hashable, Comparable {
    /// Since the clock's origin.
    public var nanoseconds: Int64

    /// See the properties.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The clock's origin.
    public static let zero = MonotonicTime(nanoseconds: 0)

    /// By their values.
    public static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Never beyond the ends of `Int64`.
    public static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return MonotonicTime(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// Never beyond the ends of `Int64`.
    public static func - (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        let (difference, overflow) = time.nanoseconds.subtractingReportingOverflow(duration.wholeNanoseconds)
        return MonotonicTime(nanoseconds: overflow ? (duration < .zero ? .max : .min) : difference)
    }

    /// How much later one moment is than another.
    public static func - (later: MonotonicTime, earlier: MonotonicTime) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }

    /// The process's monotonic clock: for shells only, state machines are handed their `now`.
    public static func now() -> MonotonicTime {
        MonotonicTime(nanoseconds: (ContinuousClock.now - origin).wholeNanoseconds)
    }

    private static let origin = ContinuousClock.now
}

extension Duration {
    /// Nanoseconds, saturating at ± 292 years.
    public var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isTooLong || overflow ? (seconds < 0 ? .min : .max) : sum
    }

    /// Milliseconds, without their fraction.
    public var wholeMilliseconds: Int64 { wholeNanoseconds / 1_000_000 }

    /// Seconds with their fraction.
    public var seconds: Double { Double(wholeNanoseconds) / 1e9 }
}
