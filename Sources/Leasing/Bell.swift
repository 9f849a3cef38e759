import Synchronization

/// Lets a loop sleep until its time has come or somebody has news for it.
public final class Bell: Sendable {
    private let latch = Mutex(Latch())

    public init() {}

    /// There is news.
    public func ring() {
        latch.withLock { $0 }.open()
    }

    /// News that came since the last wait returns at once.
    public func wait(atMost duration: Duration) async {
        let current = latch.withLock { $0 }
        await current.wait(atMost: duration)
        if current.isOpen { latch.withLock { $0 = Latch() } }
    }
}
