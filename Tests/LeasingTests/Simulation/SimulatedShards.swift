import Coordination
import Records

/// A stream with keys that stay in order, and shards that split and merge under them.
struct SimulatedShards {
    struct Record: Hashable {
        var key: Int
        /// Counts the key's records from 1.
        var number: Int
        var sequence: SequenceNumber
        var arrivedAt: Int64
    }

    private struct Entry {
        var shard: Shard
        var records: [Record] = []
        var children: [String] = []
    }

    /// In the order of their creation.
    private(set) var names: [String] = []
    private var entries: [String: Entry] = [:]
    private var numbers: [Int: Int] = [:]
    private var sequence: UInt64 = 1_000

    init(shards: Int) {
        let width = HashKey.max / HashKey(shards)
        for index in 0..<shards {
            let end = index == shards - 1 ? HashKey.max : width * HashKey(index + 1) - 1
            add(HashRange(start: width * HashKey(index), end: end), parents: [])
        }
    }

    /// All shards, as ListShards has them.
    var listing: [Shard] { names.map { entries[$0]!.shard } }
    var all: [Record] { names.flatMap { entries[$0]!.records } }

    func records(of shard: String) -> [Record] { entries[shard]?.records ?? [] }
    func children(of shard: String) -> [Shard] { entries[shard]!.children.map { entries[$0]!.shard } }
    func parents(of shard: String) -> [String] { entries[shard]!.shard.parents }
    func isClosed(_ shard: String) -> Bool { entries[shard]!.shard.isClosed }
    var open: [String] { names.filter { !isClosed($0) } }

    /// What comes behind a position.
    func records(of shard: String, after position: Position) -> ArraySlice<Record> {
        let records = entries[shard]!.records
        switch position {
        case .trimHorizon: return records[...]
        case .timestamp(let time): return records.drop { $0.arrivedAt < time }
        case .sequence(let sequence, _): return records.drop { $0.sequence <= sequence }
        case .shardEnd: return []
        }
    }

    mutating func put(key: Int, at time: Int64) {
        let hash = HashKey(partitionKey: "\(key)")
        let shard = open.first { entries[$0]!.shard.hashRange.contains(hash) }!
        numbers[key, default: 0] += 1
        sequence += 1
        entries[shard]!.records.append(
            Record(key: key, number: numbers[key]!, sequence: SequenceNumber(sequence), arrivedAt: time))
    }

    /// Splits or merges, whatever can be done.
    mutating func reshard(using random: inout SplitMix64) {
        let shards = open.map { entries[$0]!.shard }.sorted { $0.hashRange.start < $1.hashRange.start }
        let index = Int.random(in: 0..<shards.count, using: &random)
        if index + 1 < shards.count, shards.count > 2, Bool.random(using: &random) {
            let (low, high) = (shards[index], shards[index + 1])
            add(HashRange(start: low.hashRange.start, end: high.hashRange.end), parents: [low.id, high.id])
        } else if shards.count < 8, shards[index].hashRange.end - shards[index].hashRange.start > 1 {
            let range = shards[index].hashRange
            let middle = range.start + (range.end - range.start) / 2
            add(HashRange(start: range.start, end: middle), parents: [shards[index].id])
            add(HashRange(start: middle + 1, end: range.end), parents: [shards[index].id])
        }
    }

    private mutating func add(_ range: HashRange, parents: [String]) {
        let name = "shard-\(100 + names.count)"
        sequence += 1
        for parent in parents {
            entries[parent]!.shard.endingSequence = SequenceNumber(sequence)
            entries[parent]!.children.append(name)
        }
        names.append(name)
        entries[name] = Entry(
            shard: Shard(
                id: name, parent: parents.first, adjacentParent: parents.dropFirst().first, hashRange: range,
                startingSequence: SequenceNumber(sequence)))
    }
}
