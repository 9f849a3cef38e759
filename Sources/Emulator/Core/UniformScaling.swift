import Coordination

/// How to get from the shards there are to a number of equally wide ones by splits and merges of one shard or two, as UpdateShardCount does
/// (AWS: Kinesis API Reference, UpdateShardCount: "performs splits or merges on individual shards").
///
/// First every shard is split where a future boundary cuts it, then the pieces inside of each future shard are joined from left to right.
/// Shards whose ranges stay are left alone.
struct UniformScaling: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        /// Splits the shard that holds this key before it.
        case split(at: HashKey)
        /// Joins the shard that ends before this key with the one that starts at it.
        case join(at: HashKey)
    }

    let steps: [Step]

    /// `ranges`: of the open shards, in their order; together they are the whole hash space.
    init(from ranges: [HashRange], toCount count: Int) {
        let present = ranges.dropFirst().map(\.start)
        let future = HashRange.all.divided(into: count).dropFirst().map(\.start)
        let (kept, wanted) = (Set(present), Set(future))
        steps = future.filter { !kept.contains($0) }.map(Step.split) + present.filter { !wanted.contains($0) }.map(Step.join)
    }
}

extension Streams {
    /// Splits and merges until the stream has `target` equally wide shards.
    mutating func scale(_ name: String, to target: Int, at now: Int64) throws(ServiceError) -> ReshardOutcome {
        let stream = try reshardableStream(name, at: now)
        let current = stream.openShardCount
        guard target <= current * 2 else {
            throw .invalidArgument(
                "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: \(current) "
                    + "Target shard count: \(target)")
        }
        guard target * 2 >= current else {
            throw .invalidArgument(
                "UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: \(current) "
                    + "Target shard count: \(target)")
        }
        try checkShardLimit(adding: max(0, target - current))
        let plan = UniformScaling(from: stream.openShards.map(\.hashRange), toCount: target)
        return reshard(name, now: now) { stream, nextKey in
            for step in plan.steps { nextKey += Int64(stream.apply(step, firstKey: nextKey, at: now)) }
        }
    }
}

extension StreamState {
    /// Answers how many shards were made.
    fileprivate mutating func apply(_ step: UniformScaling.Step, firstKey: Int64, at now: Int64) -> Int {
        switch step {
        case .split(let key):
            let parent = route(key)
            let range = shards[parent].hashRange
            let halves = [HashRange(start: range.start, end: key - 1), HashRange(start: key, end: range.end)]
            replace([parent], with: halves, firstKey: firstKey, at: now)
            return 2
        case .join(let key):
            let parents = [route(key - 1), route(key)]
            let range = HashRange(start: shards[parents[0]].hashRange.start, end: shards[parents[1]].hashRange.end)
            replace(parents, with: [range], firstKey: firstKey, at: now)
            return 1
        }
    }
}
