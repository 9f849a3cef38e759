import FoundationEssentials
public import Records

/// The machine's clock.
public struct SystemClock: EmulatorClock {
    /// There is one; all values are alike.
    public init() {}

    /// Milliseconds since 1970.
    public var milliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    /// The process's monotonic clock.
    public var monotonic: MonotonicTime { .now() }

    /// Throws `CancellationError`.
    public func sleep(until moment: MonotonicTime) async throws {
        try await Task.sleep(for: max(.zero, moment - .now()))
    }
}
