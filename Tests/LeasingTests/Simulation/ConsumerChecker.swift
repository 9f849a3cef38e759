import Coordination
import Records

@testable import Checkpoints

/// What must never happen, whatever befalls the workers.
enum Violation: String, Hashable {
    /// A record was delivered before an earlier one of its key.
    case outOfOrder
    /// A record was delivered before all of the shard's parents were.
    case childBeforeParent
    case checkpointWentBack
    /// The store took a write with a token that is not the row's.
    case staleTokenAccepted
    /// A position was stored, or a shard finished, before all up to it was delivered.
    case checkpointBeyondDelivered
    /// A worker delivered what another one had the lease of.
    case wroteWithoutLease
    /// A record was delivered twice although nobody died and nothing failed.
    case repeated
    /// Not everything was delivered in the end.
    case lost
    /// A closed shard was not finished, or an open one had no living owner in the end.
    case stuck
    case overLimit
}

struct ConsumerChecker {
    /// Records that arrived earlier are not the group's.
    let since: Int64
    private(set) var violations: Set<Violation> = []
    private(set) var repetitions = 0
    private var delivered: Set<SequenceNumber> = []
    private var last: [Int: Int] = [:]

    init(since: Int64) {
        self.since = since
    }

    mutating func note(_ violation: Violation) { violations.insert(violation) }

    mutating func delivered(_ record: SimulatedShards.Record, of shard: String, _ stream: SimulatedShards) {
        guard delivered.insert(record.sequence).inserted else {
            repetitions += 1
            return
        }
        if let last = last[record.key], record.number != last + 1 { note(.outOfOrder) }
        last[record.key] = record.number
        for parent in stream.parents(of: shard) where !isDelivered(parent, upTo: .shardEnd, stream) { note(.childBeforeParent) }
    }

    mutating func stored(_ lease: HeldLease, _ position: Position, over before: LeaseRow, _ stream: SimulatedShards) {
        if before.token != lease.token || before.owner != lease.owner { note(.staleTokenAccepted) }
        if position < before.position { note(.checkpointWentBack) }
        if !isDelivered(lease.shard, upTo: position, stream) { note(.checkpointBeyondDelivered) }
    }

    mutating func ended(_ stream: SimulatedShards, _ rows: [Lease]) {
        for name in stream.names where !isDelivered(name, upTo: .shardEnd, stream) { note(.lost) }
        let byShard = Dictionary(uniqueKeysWithValues: rows.map { ($0.shard, $0) })
        for name in stream.names {
            let row = byShard[name]
            if stream.isClosed(name) ? row?.isFinished != true : row?.isLive != true { note(.stuck) }
        }
    }

    private func isDelivered(_ shard: String, upTo position: Position, _ stream: SimulatedShards) -> Bool {
        stream.records(of: shard).allSatisfy {
            $0.arrivedAt < since || .sequence($0.sequence, subSequence: nil) > position || delivered.contains($0.sequence)
        }
    }
}
