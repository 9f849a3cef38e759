import Leasing
import Records
import TestSupport
import Testing

@testable import Leasing

@Suite("Shard progress")
struct ShardProgressTests {
    private func at(_ number: UInt64) -> Position { .sequence(SequenceNumber(number), subSequence: nil) }

    @Test("settles with the last acknowledgement, in whatever order they come", arguments: 1...10)
    func settles(_ seed: Int) async {
        let progress = ShardProgress(from: .trimHorizon)
        var random = SplitMix64(seed: UInt64(seed))
        let tickets = (1...200).map { progress.register(at($0)) }.shuffled(using: &random)
        async let settled = progress.settle(unless: Latch())
        await withTaskGroup(of: Void.self) { group in
            for ticket in tickets { group.addTask { progress.complete(ticket) } }
        }
        #expect(await settled)
        #expect(progress.unstored == at(200))
    }

    @Test("gives up when nothing more will be acknowledged")
    func over() async {
        let progress = ShardProgress(from: .trimHorizon)
        let over = Latch()
        _ = progress.register(at(1))
        async let settled = progress.settle(unless: over)
        over.open()
        #expect(await !settled)
    }

    @Test("what is acknowledged when the run is over counts")
    func overAndDone() async {
        let progress = ShardProgress(from: .trimHorizon)
        let over = Latch()
        over.open()
        #expect(await progress.settle(unless: over))
    }

    @Test("gives up with the lease, and stores nothing from then on")
    func abandoned() async {
        let progress = ShardProgress(from: .trimHorizon)
        let first = progress.register(at(1))
        _ = progress.register(at(2))
        async let settled = progress.settle(unless: Latch())
        progress.complete(first)
        #expect(progress.unstored == at(1))
        progress.abandon()
        #expect(await !settled)
        #expect(progress.unstored == nil)
    }

    @Test("a position is stored once, and never one that is not acknowledged")
    func stored() {
        let progress = ShardProgress(from: at(5))
        let (first, second) = (progress.register(at(6)), progress.register(at(7)))
        progress.complete(second)
        #expect(progress.unstored == nil)
        progress.complete(first)
        #expect(progress.unstored == at(7))
        progress.stored(at(7))
        #expect(progress.unstored == nil)
    }
}
