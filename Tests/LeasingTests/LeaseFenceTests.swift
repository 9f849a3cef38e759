import Records
import Testing

@testable import Leasing

@Suite("Lease fence")
struct LeaseFenceTests {
    private func at(_ seconds: Double) -> MonotonicTime { .zero + .seconds(seconds) }

    @Test("closes with its deadline, unless it was prolonged in time")
    func deadline() {
        let fence = LeaseFence(until: at(10))
        #expect(fence.isOpen(at: at(9.9)))
        #expect(fence.prolong(until: at(20)))
        #expect(fence.isOpen(at: at(19.9)))
        #expect(!fence.isOpen(at: at(20)))
    }

    @Test("who was told that it is closed is not contradicted later")
    func sticky() {
        let fence = LeaseFence(until: at(10))
        #expect(!fence.isOpen(at: at(11)))
        #expect(!fence.prolong(until: at(30)))
        #expect(!fence.isOpen(at: at(12)))
        #expect(fence.isClosed)
    }

    @Test("a renewal that came while nobody asked keeps it open though its deadline had passed")
    func unseen() {
        let fence = LeaseFence(until: at(10))
        #expect(fence.prolong(until: at(30)))
        #expect(fence.isOpen(at: at(12)))
    }

    @Test("an earlier deadline takes nothing away, closing by hand does")
    func closing() {
        let fence = LeaseFence(until: at(10))
        #expect(fence.prolong(until: at(5)))
        #expect(fence.isOpen(at: at(9)))
        fence.close()
        #expect(!fence.isOpen(at: at(1)))
        #expect(!fence.prolong(until: at(50)))
    }

    @Test("what is acknowledged after the fence has closed is never stored")
    func dropped() {
        let progress = ShardProgress(from: .trimHorizon, until: MonotonicTime(nanoseconds: .min + 1))
        let ticket = progress.register(.sequence(SequenceNumber(1), subSequence: nil))
        #expect(progress.isAbandoned)
        progress.complete(ticket)
        #expect(progress.unstored == nil)
        #expect(!progress.prolong(until: MonotonicTime(nanoseconds: .max)))
    }
}

@Suite("Calls that are shared")
struct SharedCallTests {
    @Test("what comes while a call is under way shares the next one; each gets its call's failure", arguments: 1...10)
    func shares(_ round: Int) async throws {
        let call = SharedCall<Int>()
        let calls = Counter()
        let isUnderWay = Latch()
        let gate = Latch()
        async let first: Void = call.take(0) { elements in
            calls.add()
            isUnderWay.open()
            await gate.wait()
            #expect(elements == [0] || elements.count == 20)
            if elements.count == 20 { throw Failure("late", "late") }
        }
        await isUnderWay.wait()
        await withTaskGroup(of: Bool.self) { group in
            for number in 1...20 {
                group.addTask {
                    do {
                        try await call.take(number) { _ in }
                        return false
                    } catch {
                        return (error as? Failure)?.code == "late"
                    }
                }
            }
            while call.waiting < 20 { await Task.yield() }
            gate.open()
            for await isLate in group { #expect(isLate) }
        }
        try await first
        #expect(calls.value == 2)
    }
}
