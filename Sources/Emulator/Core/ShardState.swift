import Coordination
import Records

/// A shard without its records, which are in the store.
struct ShardState: Sendable, Hashable {
    /// How a shard came to its end.
    struct Closure: Sendable, Hashable {
        /// Milliseconds since 1970: the creation of its children.
        var closedAt: Int64
        /// The counter that no record reached.
        var endingCounter: Int64
        /// The closing and every record before it are stored: only then can a reader conclude that it has seen all of them.
        var isSealed: Bool
    }

    /// The shard's number in the store, unique among all streams and never given again.
    let key: Int64
    /// The number in its id, unique in its stream.
    let index: Int
    let parentIndex: Int?
    /// The second parent of a shard that a merge made.
    let adjacentParentIndex: Int?
    let hashRange: HashRange
    /// Milliseconds since 1970; strictly above that of its parents.
    let createdAt: Int64
    var closure: Closure?
    /// What the next record gets. Records count from 1: 0 is the shard's own starting sequence number.
    var nextCounter: Int64 = 1
    /// Arrivals never go back in a shard, so that they can be searched; milliseconds since 1970.
    var lastArrival: Int64 = 0

    var id: String { Self.id(index) }
    var sequences: SequenceSpace { SequenceSpace(createdAt: createdAt, shardIndex: index) }
    var isOpen: Bool { closure == nil }

    /// `shardId-` and twelve digits.
    static func id(_ index: Int) -> String {
        var bytes = Array("shardId-".utf8)
        bytes.appendPadded(UInt64(index), width: 12)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil unless `id` is `shardId-` and a number.
    static func index(_ id: String) -> Int? {
        guard id.hasPrefix("shardId-"), let index = Int(id.dropFirst(8)), index >= 0, self.id(index) == id else { return nil }
        return index
    }

    /// The shard as ListShards describes it.
    var description: Shard {
        Shard(
            id: id, parent: parentIndex.map(Self.id), adjacentParent: adjacentParentIndex.map(Self.id), hashRange: hashRange,
            startingSequence: sequences.number(0), endingSequence: closure.map { sequences.number($0.endingCounter) })
    }

    func isChild(of parent: Int) -> Bool { parentIndex == parent || adjacentParentIndex == parent }
}
