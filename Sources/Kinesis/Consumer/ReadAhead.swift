import Coordination
import Leasing
import Synchronization

/// What all readers of a consumer may have read, or asked for, that nobody has taken on yet: a shell around `ReadRoom`.
final class ReadAhead: Sendable {
    /// A reader, by what it puts its pages into.
    typealias Reader = ObjectIdentifier
    typealias Share = ReadRoom<Reader>.Share

    private struct State {
        var room: ReadRoom<Reader>
        /// Opened, and replaced, when somebody who waits may have room.
        var news = Latch()
    }

    /// Data of pages in hand, over all shards. With the sinks' own queues behind it a blocked pipeline stays within some tens of MiB.
    static let bytes = 8 << 20

    private let state: Mutex<State>

    /// `records` is `max_queue_size`.
    init(records: Int, bytes: Int = ReadAhead.bytes) {
        state = Mutex(State(room: ReadRoom(Share(records: records, bytes: bytes))))
    }

    func isLeft(for reader: Reader, among readers: Int) -> Bool {
        state.withLock { $0.room.isLeft(for: reader, among: readers) }
    }

    /// Whoever has seen that something is left may pass the limit by one page.
    func take(_ share: Share, for reader: Reader) { state.withLock { $0.room.take(share, for: reader) } }

    func giveBack(_ share: Share, of reader: Reader) {
        let news: Latch? = state.withLock { state in
            state.room.giveBack(share, of: reader)
            guard state.room.isWorthALook else { return nil }
            defer { state.news = Latch() }
            return state.news
        }
        news?.open()
    }

    /// The reader will take nothing more.
    func leave(_ reader: Reader) { state.withLock { $0.room.leave(reader) } }

    /// Returns when something may be left, or the task is cancelled, or the time is over.
    func waitForRoom(for reader: Reader, among readers: Int, atMost limit: Duration) async {
        let news: Latch? = state.withLock { state in
            state.room.wait(reader)
            return state.room.isLeft(for: reader, among: readers) ? nil : state.news
        }
        await news?.wait(atMost: limit)
    }
}
