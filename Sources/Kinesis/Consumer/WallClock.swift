import Glibc

/// The machine's clock, for the one place that needs a date: the moment that LATEST stands for.
enum WallClock {
    /// Milliseconds since 1970, UTC.
    static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
