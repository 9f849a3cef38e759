import Leasing
import Records
import TestSupport
import Testing

@Suite("Latches and bells")
struct LatchTests {
    @Test("everybody who waits passes once it opens, and everybody after that")
    func opens() async {
        let latch = Latch()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { await latch.wait() } }
            group.addTask { latch.open() }
            group.addTask { latch.open() }
        }
        await latch.wait()
        #expect(latch.isOpen)
    }

    @Test("opening and cancelling at once resumes every waiter exactly once", arguments: 1...20)
    func race(_ round: Int) async {
        let latch = Latch()
        let waiters = (0..<50).map { _ in Task { await latch.wait() } }
        await withTaskGroup(of: Void.self) { group in
            for waiter in waiters { group.addTask { waiter.cancel() } }
            group.addTask { latch.open() }
        }
        for waiter in waiters { await waiter.value }
    }

    @Test("a cancelled task does not wait, nor hold up others")
    func cancelled() async {
        let latch = Latch()
        let waiter = Task { await latch.wait() }
        waiter.cancel()
        await waiter.value
        #expect(!latch.isOpen)
    }

    @Test("a limited wait says whether the latch opened")
    func limited() async {
        let latch = Latch()
        #expect(await !latch.wait(atMost: .milliseconds(1)))
        async let opened = latch.wait(atMost: .seconds(60))
        latch.open()
        #expect(await opened)
    }

    @Test("a ring before the wait is not lost, and counts once")
    func bell() async {
        let bell = Bell()
        bell.ring()
        bell.ring()
        let start = ContinuousClock.now
        await bell.wait(atMost: .seconds(60))
        #expect(ContinuousClock.now - start < .seconds(30))
        let again = ContinuousClock.now
        await bell.wait(atMost: .milliseconds(20))
        #expect(ContinuousClock.now - again >= .milliseconds(20))
    }

    @Test("whatever the waiter has not seen when it sleeps wakes it", arguments: 1...10)
    func lostWakeups(_ round: Int) async {
        let bell = Bell()
        let news = Counter()
        let producer = Task.detached {
            for _ in 0..<500 {
                news.add()
                bell.ring()
                if Bool.random() { await Task.yield() }
            }
        }
        // A lost ring would cost this a minute.
        let start = ContinuousClock.now
        while news.value < 500 { await bell.wait(atMost: .seconds(60)) }
        await producer.value
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test("a call that hangs ends with the latch, the limit or the task")
    func calls() async {
        let latch = Latch()
        @Sendable func hang() async throws {
            await Latch().wait()
            throw CancellationError()
        }
        await #expect(throws: Failure.self) { try await latch.cancelling(atMost: .milliseconds(5), hang) }
        let caller = Task { try await latch.cancelling(hang) }
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        latch.open()
        await #expect(throws: CancellationError.self) { try await latch.cancelling(hang) }
    }

    @Test("a call's own answer and error come through")
    func answers() async throws {
        #expect(try await Latch().cancelling(atMost: .seconds(60)) { 5 } == 5)
        await #expect(throws: Failure("a", "b")) { try await Latch().cancelling { throw Failure("a", "b") } }
    }
}
