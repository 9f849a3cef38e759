import Synchronization

/// A clock of whole milliseconds that stands still until a test moves it.
public final class ManualClock: Sendable {
    private let value: Mutex<Int64>

    /// A clock that shows `milliseconds`.
    public init(milliseconds: Int64 = 0) {
        value = Mutex(milliseconds)
    }

    /// What the clock shows.
    public var milliseconds: Int64 { value.withLock { $0 } }

    /// Moves the clock forward.
    public func advance(milliseconds: Int64) {
        value.withLock { $0 += milliseconds }
    }
}
