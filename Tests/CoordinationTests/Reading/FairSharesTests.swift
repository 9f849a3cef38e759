import Records
import TestSupport
import Testing

@testable import Coordination

@Suite("Fair shares")
struct FairSharesTests {
    private func shares(_ shards: Int, _ limits: [Int?]) -> (least: [Int], most: [Int]) {
        let workers = limits.indices.map { Worker("\($0)", capacity: limits[$0]) }
        let shares = FairShares(shards: shards, workers: workers)
        return (workers.map { shares.least($0.name) }, workers.map { shares.most($0.name) })
    }

    @Test("without limits everybody has the same, but for the rest")
    func even() {
        #expect(shares(12, [nil, nil, nil]) == ([4, 4, 4], [4, 4, 4]))
        #expect(shares(13, [nil, nil, nil]) == ([4, 4, 4], [5, 5, 5]))
        #expect(shares(1, [nil, nil]) == ([0, 0], [1, 1]))
    }

    @Test("what a full worker cannot take goes to the others")
    func limited() {
        #expect(shares(12, [2, nil, nil]) == ([2, 5, 5], [2, 5, 5]))
        #expect(shares(12, [1, 3, nil]) == ([1, 3, 8], [1, 3, 8]))
        #expect(shares(12, [2, 3, 4]) == ([2, 3, 4], [2, 3, 4]))
        #expect(FairShares(shards: 12, workers: [Worker("a", capacity: 11)]).isOverfull)
        #expect(!FairShares(shards: 11, workers: [Worker("a", capacity: 11)]).isOverfull)
    }

    @Test("the least shares fit, and the most shares are enough", arguments: 1...100)
    func sums(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let limits = (0..<Int.random(in: 1...6, using: &random)).map { _ in
            Bool.random(using: &random) ? Int.random(in: 1...9, using: &random) : nil
        }
        let shards = Int.random(in: 0...40, using: &random)
        let (least, most) = shares(shards, limits)
        let room = limits.reduce(0) { $0 + min($1 ?? shards, shards) }
        #expect(least.reduce(0, +) <= shards)
        #expect(most.reduce(0, +) >= min(shards, room))
    }
}
