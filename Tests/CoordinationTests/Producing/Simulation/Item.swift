import Coordination
import Records

/// A user record of a simulation: the `number`-th of its key.
struct Item: Hashable, Sendable {
    var key: Int
    var number: Int

    var partitionKey: String { "key-\(key)" }
    var hashKey: HashKey { HashKey(partitionKey: partitionKey) }
}

typealias SimulatedEntry = ProducerEntry<[Item]>

/// Plain for one item and an aggregate for several, or for one where `aggregated`.
func entry(_ items: [Item], size: Int, aggregated: Bool) -> SimulatedEntry {
    let data = RecordData(repeatElement(0, count: size))
    guard aggregated else { return try! SimulatedEntry(data: data, partitionKey: items[0].partitionKey, token: items) }
    let members = items.map(\.hashKey)
    return try! SimulatedEntry(data: data, partitionKey: "a", explicitHashKey: String(members[0]), members: members, token: items)
}

/// What a simulation drives: the state machine, and broken ones that its checker has to catch.
protocol SimulatedProducer {
    var nextWakeUp: MonotonicTime? { get }
    var isDrained: Bool { get }
    mutating func enqueue(_ entry: SimulatedEntry, now: MonotonicTime) throws(ProducerError)
    mutating func finish()
    mutating func poll(now: MonotonicTime) -> [ProducerEffect<[Item]>]
    mutating func completed(_ id: RequestID, _ outcome: RequestOutcome, now: MonotonicTime) -> [ProducerEffect<[Item]>]
    mutating func shardMapLoaded(_ map: ShardMap, now: MonotonicTime)
    mutating func shardMapUnavailable(now: MonotonicTime)
}

extension ProducerState: SimulatedProducer where Token == [Item] {}
