import Records
import TestSupport
import Testing

@testable import Coordination

@Suite("Watermark")
struct WatermarkTests {
    /// The contract as one would say it: the greatest position before which everything is complete.
    private struct Model {
        var start: Position
        var entries: [(position: Position, isComplete: Bool)] = []

        var position: Position { entries.prefix(while: \.isComplete).map(\.position).max().map { max($0, start) } ?? start }
        var outstanding: Int { entries.count { !$0.isComplete } }
    }

    @Test("agrees with the naive model under any order of acknowledgements", arguments: 1...30)
    func model(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var model = Model(start: .trimHorizon)
        var watermark = Watermark(from: .trimHorizon)
        var open: [(ticket: Watermark.Ticket, index: Int)] = []
        var sequence: UInt64 = 100
        // Some histories acknowledge slower than they read, others at once.
        let readingChance = Int.random(in: 2...8, using: &random)
        for _ in 0..<600 {
            if Int.random(in: 0..<10, using: &random) < readingChance {
                sequence += UInt64.random(in: 0...2, using: &random)
                let position = Position.sequence(SequenceNumber(sequence), subSequence: Bool.random(using: &random) ? 1 : nil)
                open.append((watermark.register(position), model.entries.count))
                model.entries.append((position, false))
            } else if let choice = open.indices.randomElement(using: &random) {
                let (ticket, index) = open.remove(at: choice)
                let before = model.position
                model.entries[index].isComplete = true
                let moved = watermark.complete(ticket)
                #expect(moved == (model.position == before ? nil : model.position))
            }
            #expect(watermark.position == model.position)
            #expect(watermark.outstanding == model.outstanding)
        }
        for (ticket, _) in open.shuffled(using: &random) { _ = watermark.complete(ticket) }
        #expect(watermark.outstanding == 0)
        #expect(watermark.position == model.entries.map(\.position).max())
    }

    @Test("never goes behind where it began")
    func start() {
        let start = Position.sequence(SequenceNumber(9), subSequence: 4)
        var watermark = Watermark(from: start)
        let ticket = watermark.register(.sequence(SequenceNumber(9), subSequence: 2))
        let moved = watermark.complete(ticket)
        #expect(moved == nil)
        #expect(watermark.position == start)
    }
}
