import Coordination
import Kinesis
import Processors
import Records

/// The records of one Kinesis record, all acknowledged together.
struct Parcel: AggregateItems, Sendable {
    struct Item: Sendable {
        let batch: EncodedBatch
        /// Its place in the batch.
        let index: Int
        /// The bytes of its payload.
        let size: Int
        /// What is kept where the aggregate may be taken apart.
        let member: Member?

        /// What it counts until it is acknowledged.
        var share: Allowance.Share { Allowance.Share(records: 1, bytes: size) }
    }

    /// One record of an aggregate that may be taken apart.
    struct Member: Sendable {
        let payload: SharedBytes
        let key: RecordKey?
    }

    /// Records of one batch that lie beside each other.
    struct Run: Sendable {
        let batch: EncodedBatch
        private(set) var indices: Range<Int>
        /// What they count until they are acknowledged.
        private(set) var share: Allowance.Share

        init(_ item: Item) {
            batch = item.batch
            indices = item.index..<item.index + 1
            share = item.share
        }

        /// False where the item does not lie behind them.
        mutating func add(_ item: borrowing Item) -> Bool {
            guard item.index == indices.upperBound, item.batch === batch else { return false }
            indices = indices.lowerBound..<item.index + 1
            share.add(item.share)
            return true
        }
    }

    private(set) var runs: [Run] = []
    /// The separable ones among them.
    private(set) var members: [Item] = []
    private(set) var count = 0

    /// All of it is another agent's to write by now.
    var isAbandoned: Bool { runs.allSatisfy(\.batch.delivery.isAbandoned) }

    mutating func append(_ item: Item) {
        count += 1
        if item.member != nil { members.append(item) }
        if !runs.isEmpty, runs[runs.count - 1].add(item) { return }
        runs.append(Run(item))
    }
}

extension ProducerEntry where Token == Parcel {
    /// A Kinesis record of an aggregation's output.
    init(_ output: AggregatedRecord<Parcel>) throws(ProducerError) {
        try self.init(
            data: output.data, partitionKey: output.partitionKey ?? Self.anyKey(for: output), explicitHashKey: output.explicitHashKey,
            members: output.items.members.compactMap(\.member?.key?.hashKey), token: output.items)
    }

    /// Spreads records that have no key evenly over the shards; beside an explicit hash key it means nothing.
    private static func anyKey(for output: AggregatedRecord<Parcel>) -> String {
        output.explicitHashKey == nil ? String(UInt64.random(in: .min ... .max), radix: 36) : "a"
    }

    /// An aggregate that no longer fits into one shard, as an aggregate for each shard of the map, or for each record without one.
    func takenApart(_ map: ShardMap?, _ processor: ProcessorSpec) -> [ProducerEntry<Parcel>] {
        var groups: [(shard: Int?, members: [Parcel.Item])] = []
        for item in token.members {
            let shard = item.member?.key?.hashKey.flatMap { map?.index(of: $0) }
            if shard != nil, let group = groups.firstIndex(where: { $0.shard == shard }) {
                groups[group].members.append(item)
            } else {
                groups.append((shard, [item]))
            }
        }
        return groups.flatMap { Self.together($0.members, processor) }
    }

    /// What fitted beside others fits without them, and its keys were checked when it was first put.
    private static func together(_ members: [Parcel.Item], _ processor: ProcessorSpec) -> [ProducerEntry<Parcel>] {
        var aggregation = Aggregation<Parcel>(processor)
        var outputs: [AggregatedRecord<Parcel>] = []
        for item in members {
            guard let member = item.member else { continue }
            let key = member.key
            outputs +=
                (try? aggregation.add(
                    member.payload, item: item, partitionKey: key?.partitionKey, explicitHashKey: key?.explicitHashKey)) ?? []
        }
        outputs += aggregation.flush()
        let parts: [ProducerEntry<Parcel>] = outputs.compactMap { try? ProducerEntry($0) }
        precondition(parts.reduce(0) { $0 + $1.token.count } == members.count, "A part of an aggregate was refused that the whole was not.")
        return parts
    }
}
