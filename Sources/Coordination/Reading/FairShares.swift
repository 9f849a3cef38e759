/// How many leases each worker should hold: as even as their limits allow.
///
/// The level rises for all workers alike; whoever is full stays behind, and what it cannot take goes to the others. So no shard is left
/// while anybody has room.
struct FairShares: Sendable {
    /// Everybody who has room for it holds at least so many, and at most one more.
    let level: Int
    private let limits: [String: Int]
    /// Some hold one more than the level.
    private let hasRest: Bool
    /// More shards than all workers together have room for.
    let isOverfull: Bool

    init(shards: Int, workers: [Worker]) {
        limits = Dictionary(workers.map { ($0.name, $0.capacity ?? .max) }, uniquingKeysWith: { first, _ in first })
        var level = 0
        var left = shards
        var climbing = limits.count
        for limit in limits.values.sorted() {
            // Can all who are not full yet rise to this limit?
            guard left / climbing >= limit - level else { break }
            left -= (limit - level) * climbing
            level = limit
            climbing -= 1
        }
        isOverfull = climbing == 0 && left > 0
        self.level = climbing == 0 ? level : level + left / climbing
        hasRest = climbing > 0 && left % climbing > 0
    }

    /// The most that a worker may hold.
    func limit(of worker: String) -> Int { limits[worker] ?? 0 }
    /// The least that it should hold.
    func least(_ worker: String) -> Int { min(limit(of: worker), level) }
    /// The most that it should hold while others want some.
    func most(_ worker: String) -> Int { min(limit(of: worker), hasRest ? level + 1 : level) }
}
