import Records
import TestSupport
import Testing

@testable import Coordination

@Suite("Hash space coverage")
struct HashCoverageTests {
    private func range(_ start: HashKey, _ end: HashKey) -> HashRange { HashRange(start: start, end: end) }

    @Test("the whole space is one hole where nothing covers it, and none where one range does")
    func extremes() {
        #expect(HashRange.holes(in: []) == [.all])
        #expect(HashRange.holes(in: [.all]) == [])
        #expect(HashRange.holes(in: [.all, range(3, 9)]) == [])
        #expect(HashRange.holes(in: [range(.max, .max)]) == [range(.min, .max - 1)])
        #expect(HashRange.holes(in: [range(.min, .min)]) == [range(1, .max)])
    }

    @Test("holes are found before, between and behind ranges in any order")
    func between() {
        #expect(HashRange.holes(in: [range(20, 29), range(5, 9), range(10, 14)]) == [range(0, 4), range(15, 19), range(30, .max)])
    }

    @Test("agrees with counting single keys", arguments: 1...50)
    func model(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let ranges = (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let start = Int.random(in: 0..<40, using: &random)
            return range(HashKey(start), HashKey(Int.random(in: start..<50, using: &random)))
        }
        let holes = HashRange.holes(in: ranges)
        for key in HashKey(0)..<60 {
            #expect(holes.contains { $0.contains(key) } == !ranges.contains { $0.contains(key) })
        }
    }

    @Test("only a hole that is met three times since the last listing is one")
    func patience() {
        var audit = CoverageAudit()
        let hole = range(5, 9)
        audit.observe([hole])
        audit.observe([hole])
        #expect(audit.confirmed == [])
        audit.observe([])
        audit.observe([hole])
        audit.observe([hole])
        #expect(audit.confirmed == [])
        audit.observe([hole])
        #expect(audit.confirmed == [hole])
        audit.listed()
        #expect(audit.confirmed == [])
        #expect(audit.holes == [hole])
    }
}
