import Agent
import Coordination
import OrderedCollections
import Records

/// A row of a store as people read it.
struct CheckpointRow {
    let pipeline: String
    let scope: String
    let lease: Lease

    /// What a finished shard's owner once was is nothing to anybody.
    private var owner: String? { lease.isLive ? lease.owner : nil }

    var cells: [String] {
        [pipeline, scope, lease.shard, lease.position.text, owner ?? "-", lease.remaining.map { "\(Int($0.seconds.rounded()))s" } ?? "-"]
    }

    var value: Value {
        var map: ValueMap = [
            "pipeline": .string(pipeline), "source": .string(scope), "shard": .string(lease.shard),
            "position": .string(lease.position.text), "token": .int(lease.token),
        ]
        if let owner { map["owner"] = .string(owner) }
        if let remaining = lease.remaining { map["seconds_left"] = .double(Double(remaining.wholeMilliseconds) / 1_000) }
        if let next = lease.nextOwner { map["next_owner"] = .string(next) }
        if !lease.parents.isEmpty { map["parents"] = .list(lease.parents.map { .string($0) }) }
        if let range = lease.hashRange {
            map["first_hash_key"] = .string("\(range.start)")
            map["last_hash_key"] = .string("\(range.end)")
        }
        if !lease.detail.isEmpty { map["detail"] = .string(lease.detail) }
        return .map(map)
    }
}
