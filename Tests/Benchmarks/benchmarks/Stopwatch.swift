import Foundation

/// CPU time of this thread, in which work is repeated until there is enough of it to be measured.
enum Stopwatch {
    /// Runs `work` for a second, and prints how many units it does in one.
    static func measure(_ name: String, unit: String, unitsPerCall: Double, _ work: () throws -> Void) rethrows {
        try work()
        var calls = 0.0
        let start = seconds()
        var elapsed = 0.0
        repeat {
            try work()
            calls += 1
            elapsed = seconds() - start
        } while elapsed < 1
        print(
            "\(name.padding(toLength: 62, withPad: " ", startingAt: 0))\(String(format: "%12.1f", calls * unitsPerCall / elapsed)) \(unit)")
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
