import Coordination
import Records

/// A rule of leases that a broken worker or store does not keep.
enum Mutation: CaseIterable {
    case none
    /// The store takes writes whatever their token.
    case ignoresTokens
    /// Children are read beside their parents.
    case ignoresParents
    /// A worker goes on however long it could not renew.
    case ignoresDeadlines
    /// A record counts as delivered as soon as it is read.
    case acknowledgesEarly
    /// A shard counts as finished once it is read.
    case finishesEarly
    /// Children are read from the moment in which they are found (LATEST).
    case startsChildrenLate
}

/// The state of one worker: the pure machines of a consumer, and what a shell keeps beside them.
struct SimulatedWorker {
    struct Reader {
        let lease: HeldLease
        let takenAt: MonotonicTime
        var watermark: Watermark
        var cursor: Position
        var stored: Position
        var deadline: MonotonicTime
        /// Somebody was told that the lease may not be acted on any more.
        var isFenced = false
        var isStopped = false
        var hasEnded = false
        var isGivingUp = false
        /// Sinks deliver a shard's records in their order.
        var lastWrite = MonotonicTime.zero

        init(_ lease: HeldLease, from position: Position, takenAt: MonotonicTime, until deadline: MonotonicTime) {
            self.lease = lease
            self.takenAt = takenAt
            self.deadline = deadline
            watermark = Watermark(from: position)
            cursor = position
            stored = position
        }

        mutating func isOpen(at now: MonotonicTime) -> Bool {
            if now >= deadline { isFenced = true }
            return !isFenced
        }
    }

    let me: Worker
    var consumer: ConsumerState
    var held = HeldLeases(duration: ConsumerSimulation.session)
    var readers: [String: Reader] = [:]
    /// The order of a dictionary is another in every process.
    var inOrder: [Reader] { readers.values.sorted { $0.lease.shard < $1.lease.shard } }
    var pausedUntil = MonotonicTime.zero
    var isLooking = false
    var isLeaving = false
    /// Only the last look that was scheduled counts.
    var lookNumber = 0
    /// Somebody rang while a look was under way.
    var hasNews = false
}
