public import Records

/// The time as the embedded stream sees it: everything it stamps, expires, limits and waits for goes by this clock.
public protocol EmulatorClock: Sendable {
    /// Milliseconds since 1970.
    var milliseconds: Int64 { get }
    /// Never goes back, whatever is done to the machine's clock.
    var monotonic: MonotonicTime { get }
    /// Returns at that moment, at once when it has passed. Throws `CancellationError`.
    func sleep(until moment: MonotonicTime) async throws
}
