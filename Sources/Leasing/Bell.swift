import Synchronization

/// Lets a loop sleep until its time has come or somebody has news for it. One task waits, any may ring.
public final class Bell: Sendable {
    private let latch = Mutex(Latch())

    /// A bell that nobody has rung.
    public init() {}

    /// There is news.
    public func ring() {
        latch.withLock { $0 }.open()
    }

    /// News that came since the last wait returns at once. True when there is any.
    @discardableResult
    public func wait(atMost duration: Duration) async -> Bool {
        let current = latch.withLock { $0 }
        guard await current.wait(atMost: duration) else { return false }
        // News that comes between the ring and this line needs no ring of its own: the waiter has yet to look.
        latch.withLock { if $0 === current { $0 = Latch() } }
        return true
    }
}
