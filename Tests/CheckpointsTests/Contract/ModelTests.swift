import Coordination
import Records
import Testing

@testable import Checkpoints

/// A generator whose numbers depend on its seed alone (SplitMix64, Steele, Lea and Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("Every store agrees with the pure table")
struct ModelTests {
    /// Leases are either over at once or not before the test is, so that time itself plays no part.
    private static let durations = [Duration.zero, hour]

    @Test("random histories give the same answers and the same rows", arguments: StoreKind.available, [1, 2, 3] as [UInt64])
    func histories(_ kind: StoreKind, _ seed: UInt64) async throws {
        var random = SeededGenerator(state: seed)
        var model = LeaseTableState()
        let moment = LeaseMoment(now: 0)
        let shards = ["a", "b", "c", "d"]
        let owners = ["one", "two", "three"]
        let positions = FencingTests.ascending.filter { $0 != .shardEnd }

        try await kind.withTable { table in
            for step in 0..<400 {
                let shard = shards.randomElement(using: &random)!
                let owner = owners.randomElement(using: &random)!
                let duration = Self.durations.randomElement(using: &random)!
                let position = positions.randomElement(using: &random)!
                let row = model.rows[shard]
                let token = (row?.token ?? 0) - (Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0)
                let lease = HeldLease(shard: shard, owner: Bool.random(using: &random) ? row?.owner ?? owner : owner, token: token)
                let other = owners.randomElement(using: &random)!
                let context: Comment = "seed \(seed), step \(step), \(lease), \(position), \(duration)"

                switch Int.random(in: 0..<20, using: &random) {
                case 0...1:
                    let new = NewLease(shard: shard, position: position, parents: [other], hashRange: .all, detail: "detail \(step)")
                    model.create([new])
                    try await table.create([new])
                case 2...6:
                    let stealing = Bool.random(using: &random) ? token : nil
                    let expected = model.acquire(shard, owner: owner, for: duration, stealing: stealing, at: moment)
                    #expect(try await table.acquire(shard, owner: owner, for: duration, stealing: stealing) == expected, context)
                case 7...9:
                    let expected = model.renew([lease], for: duration, at: moment)
                    #expect(try await table.renew([lease], for: duration) == expected, context)
                case 10...14:
                    let expected = model.checkpoint([(lease, position)])
                    #expect(try await table.checkpoint([(lease, position)]) == expected, context)
                case 15:
                    let children = [NewLease(shard: "\(shard)\(step)", position: .trimHorizon, parents: [shard])]
                    guard step % 5 == 0 else { continue }
                    let expected = model.finish(lease, children: children)
                    #expect(try await table.finish(lease, children: children) == expected, context)
                case 16...17:
                    let expected = model.requestHandoff(shard, from: owner, to: other, within: duration, at: moment)
                    #expect(try await table.requestHandoff(shard, from: owner, to: other, within: duration) == expected, context)
                case 18:
                    model.release([lease])
                    try await table.release([lease])
                default:
                    let expected = model.announce(owner, for: duration, at: moment)
                    #expect(try await table.announce(owner, for: duration) == expected, context)
                }
                #expect(try await table.leases().map(\.timeless) == model.leases(at: moment).map(\.timeless), context)
            }
        }
    }
}

extension Lease {
    /// Without the exact time that is left.
    fileprivate var timeless: Lease {
        var lease = self
        lease.remaining = remaining.map { _ in .zero }
        return lease
    }
}
