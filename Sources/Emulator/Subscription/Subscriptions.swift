import Records
import Synchronization

/// The subscriptions of a running server, each of which sleeps until something happens in its shard.
final class Subscriptions: Sendable {
    private struct State {
        var table: SubscriptionTable
        /// By shard, then by subscription.
        var wakers: [Int64: [Int: AsyncStream<Void>.Continuation]] = [:]
    }

    private let state: Mutex<State>
    private let clock: any EmulatorClock

    init(enforcesQuotas: Bool, clock: any EmulatorClock) {
        self.clock = clock
        state = Mutex(State(table: SubscriptionTable(isStrict: enforcesQuotas)))
    }

    /// Throws ResourceInUseException. Whoever had the subscription before is woken to find it taken over.
    func begin(_ key: SubscriptionTable.Key) throws(ServiceError) -> SubscriptionTicket {
        // One wakeup is as good as many: whoever wakes looks at everything.
        let (wakeups, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (id, others) = try state.withLock { (state) throws(ServiceError) in
            let id = try state.table.begin(key, now: clock.monotonic)
            let others = state.wakers[key.shard].map { Array($0.values) } ?? []
            state.wakers[key.shard, default: [:]][id] = waker
            return (id, others)
        }
        for other in others { other.yield() }
        return SubscriptionTicket(key: key, id: id, wakeups: wakeups, waker: waker)
    }

    func holds(_ ticket: SubscriptionTicket) -> Bool {
        state.withLock { $0.table.holds(ticket.key, id: ticket.id) }
    }

    func end(_ ticket: SubscriptionTicket) {
        state.withLock { state in
            state.table.end(ticket.key, id: ticket.id, now: clock.monotonic)
            state.wakers[ticket.key.shard]?[ticket.id] = nil
            if state.wakers[ticket.key.shard]?.isEmpty == true { state.wakers[ticket.key.shard] = nil }
        }
    }

    /// Wakes those to whom changes that have been stored can matter.
    func wake(after changes: [StoreChange]) {
        guard state.withLock({ !$0.wakers.isEmpty }) else { return }
        if changes.contains(where: \.isStructural) { return wakeAll() }
        for case .append(let records) in changes { wake(Set(records.map(\.shard))) }
    }

    func wake(_ shards: Set<Int64>) {
        let wakers = state.withLock { state in
            shards.flatMap { state.wakers[$0].map { Array($0.values) } ?? [] }
        }
        for waker in wakers { waker.yield() }
    }

    private func wakeAll() {
        let wakers = state.withLock { $0.wakers.values.flatMap(\.values) }
        for waker in wakers { waker.yield() }
    }
}

/// One subscription's place in the table, and what wakes it.
struct SubscriptionTicket: Sendable {
    let key: SubscriptionTable.Key
    let id: Int
    let wakeups: AsyncStream<Void>
    let waker: AsyncStream<Void>.Continuation
}
