import Leasing
import Synchronization

/// Pages on their way from the task that reads a shard to the one that hands them on.
final class PageFeed: Sendable {
    struct Page: Sendable {
        var records: [KinesisRecord]
        /// What it takes of what may be read ahead.
        var share: ReadAhead.Share
        /// There was nothing behind it when it was read.
        var endsAtTip = false
    }

    let pages: AsyncStream<Page>
    private let continuation: AsyncStream<Page>.Continuation
    private let count = Atomic<Int>(0)
    private let deliveries = Bell()

    init() {
        (pages, continuation) = AsyncStream.makeStream(of: Page.self)
    }

    /// Its reader, as `ReadAhead` knows it.
    var reader: ReadAhead.Reader { ObjectIdentifier(self) }

    /// Put, and not yet delivered.
    var inHand: Int { count.load(ordering: .acquiring) }

    /// False once nobody takes pages any more.
    func put(_ page: Page) -> Bool {
        count.add(1, ordering: .releasing)
        if case .enqueued = continuation.yield(page) { return true }
        count.subtract(1, ordering: .releasing)
        return false
    }

    /// The oldest page is accepted.
    func delivered() {
        count.subtract(1, ordering: .releasing)
        deliveries.ring()
    }

    /// Returns after the next delivery, or when the task is cancelled, or when the time is over.
    func waitForDelivery(atMost limit: Duration) async {
        await deliveries.wait(atMost: limit)
    }

    /// No page comes any more.
    func finish() {
        continuation.finish()
    }
}
