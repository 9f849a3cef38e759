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
        let moment = LeaseMoment(now: 0, microseconds: 0)
        let shards = ["a", "b", "c", "d"]
        let owners = ["one", "two", "three"]
        let positions = FencingTests.ascending.filter { $0 != .shardEnd }
        // The model's clock stands still, and its tokens count from 1; the store's come from its clock.
        var tokens = TokenPairs()

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
                let storeLease = tokens.stored(lease)
                let context: Comment = "seed \(seed), step \(step), \(lease), \(position), \(duration)"

                switch Int.random(in: 0..<22, using: &random) {
                case 0...1:
                    let new = NewLease(shard: shard, position: position, parents: [other], hashRange: .all, detail: "detail \(step)")
                    model.create([new])
                    try await table.create([new])
                case 2...6:
                    let stealing = Bool.random(using: &random) ? token : nil
                    let expected = model.acquire([AcquireRequest(shard, stealing: stealing)], owner: owner, for: duration, at: moment)[0]
                    let storeToken = stealing.map { tokens.stored(shard, $0) }
                    let outcome = try await table.acquire(shard, owner: owner, for: duration, stealing: storeToken)
                    #expect(tokens.agree(outcome, expected), context)
                case 7...9:
                    let expected = model.renew([lease], for: duration, at: moment)
                    #expect(try await table.renew([storeLease], for: duration) == expected, context)
                case 10...14:
                    let expected = model.checkpoint([(lease, position)])
                    #expect(try await table.checkpoint([(storeLease, position)]) == expected, context)
                case 15:
                    let children = [NewLease(shard: "\(shard)\(step)", position: .trimHorizon, parents: [shard])]
                    guard step % 5 == 0 else { continue }
                    let expected = model.finish(lease, children: children)
                    #expect(try await table.finish(storeLease, children: children) == expected, context)
                case 16...17:
                    let expected = model.requestHandoffs([HandoffRequest(shard, from: owner)], to: other, within: duration, at: moment)[0]
                    #expect(try await table.requestHandoff(shard, from: owner, to: other, within: duration) == expected, context)
                case 18:
                    model.release([lease])
                    try await table.release([storeLease])
                case 19:
                    let new = NewLease(shard: shard, position: position)
                    let expected = model.overwrite([new], force: step % 2 == 0, at: moment)
                    #expect(try await table.overwrite([new], force: step % 2 == 0).map(\.timeless) == expected.map(\.timeless), context)
                case 20 where step % 7 == 0:
                    let expected = model.remove([shard], force: step % 2 == 0, at: moment)
                    #expect(try await table.remove([shard], force: step % 2 == 0).map(\.timeless) == expected.map(\.timeless), context)
                default:
                    let worker = Worker(owner, capacity: step % 3 == 0 ? nil : step)
                    let expected = model.announce(worker, for: duration, at: moment)
                    #expect(try await table.announce(worker, for: duration) == expected, context)
                }
                let (rows, expected) = (try await table.leases(), model.leases(at: moment))
                #expect(rows.map(\.timeless) == expected.map(\.timeless), context)
                let isConsistent = tokens.learn(rows, expected)
                #expect(isConsistent, context)
            }
        }
    }
}

extension Lease {
    /// Without the exact time that is left, and without the token.
    fileprivate var timeless: Lease {
        var lease = self
        lease.token = 0
        lease.remaining = remaining.map { _ in .zero }
        return lease
    }
}

extension OverwriteOutcome {
    fileprivate var timeless: OverwriteOutcome {
        if case .live(let owner, _) = self { .live(owner: owner, remaining: .zero) } else { self }
    }
}

/// Which token of the store stands for which of the model, by shard.
private struct TokenPairs {
    private var pairs: [String: [Int64: Int64]] = [:]

    /// A token that the model never gave stands for one that the store never gave.
    func stored(_ shard: String, _ token: Int64) -> Int64 { pairs[shard]?[token] ?? token - 1_000 }

    func stored(_ lease: HeldLease) -> HeldLease {
        HeldLease(shard: lease.shard, owner: lease.owner, token: stored(lease.shard, lease.token))
    }

    func agree(_ outcome: AcquireOutcome, _ expected: AcquireOutcome) -> Bool {
        guard case .acquired(let lease, let position) = outcome, case .acquired(let expectedLease, let expectedPosition) = expected else {
            return outcome == expected
        }
        return lease.owner == expectedLease.owner && position == expectedPosition
            && pairs[lease.shard, default: [:]].values.allSatisfy { $0 < lease.token }
    }

    /// False where a token changed in one of the two alone, or went back.
    mutating func learn(_ rows: [Lease], _ expected: [Lease]) -> Bool {
        // A row that was removed begins anew.
        let left = Set(rows.map(\.shard))
        pairs = pairs.filter { left.contains($0.key) }
        for (row, model) in zip(rows, expected) {
            if let known = pairs[row.shard]?[model.token], known != row.token { return false }
            if let latest = pairs[row.shard]?.max(by: { $0.key < $1.key }), latest.key < model.token, latest.value >= row.token {
                return false
            }
            pairs[row.shard, default: [:]][model.token] = row.token
        }
        return true
    }
}
