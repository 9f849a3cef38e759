import Leasing
import Synchronization

/// What all readers of a consumer may have read, or asked for, that nobody has taken on yet: bounded in records and bytes.
final class ReadAhead: Sendable {
    /// A part of it.
    struct Share: Sendable {
        var records = 0
        var bytes = 0
    }

    private struct State {
        var used = Share()
        /// Opened, and replaced, whenever there is room again.
        var room = Latch()
    }

    /// Data of pages in hand, over all shards. With the sinks' own queues behind it a blocked pipeline stays within some tens of MiB.
    static let bytes = 8 << 20

    private let limit: Share
    private let state = Mutex(State())

    /// `records` is `max_queue_size`.
    init(records: Int, bytes: Int = ReadAhead.bytes) {
        limit = Share(records: records, bytes: bytes)
    }

    var isLeft: Bool { state.withLock { !isUsedUp($0.used) } }

    /// Whoever has seen that something is left may pass the limit by one page.
    func take(_ share: Share) {
        state.withLock { state in
            state.used.records += share.records
            state.used.bytes += share.bytes
        }
    }

    func giveBack(_ share: Share) {
        let room: Latch? = state.withLock { state in
            let wasUsedUp = isUsedUp(state.used)
            state.used.records -= share.records
            state.used.bytes -= share.bytes
            guard wasUsedUp, !isUsedUp(state.used) else { return nil }
            defer { state.room = Latch() }
            return state.room
        }
        room?.open()
    }

    /// Returns once something is left, or the task is cancelled, or the time is over.
    func waitForRoom(atMost limit: Duration) async {
        let room: Latch? = state.withLock { isUsedUp($0.used) ? $0.room : nil }
        await room?.wait(atMost: limit)
    }

    private func isUsedUp(_ used: Share) -> Bool { used.records >= limit.records || used.bytes >= limit.bytes }
}
