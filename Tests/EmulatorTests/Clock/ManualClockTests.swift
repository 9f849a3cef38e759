import Records
import Testing

@testable import Emulator

@Suite("Manual clock")
struct ManualClockTests {
    @Test("It stands still, and both readings go on together")
    func readings() {
        let clock = ManualClock(milliseconds: 5_000)
        #expect(clock.milliseconds == 5_000)
        let before = clock.monotonic
        clock.advance(by: .milliseconds(1_500))
        #expect(clock.milliseconds == 6_500)
        #expect(clock.monotonic - before == .milliseconds(1_500))
    }

    @Test("A sleeper wakes when its moment has come, and not before")
    func waking() async throws {
        let clock = ManualClock()
        let start = clock.monotonic
        async let long: Void = clock.sleep(until: start + .seconds(10))
        async let short: Void = clock.sleep(until: start + .seconds(5))
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(5))
        try await short
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(5))
        try await long
        try await clock.sleep(until: start)
    }

    @Test("A cancelled sleeper throws, whether it sleeps already or not")
    func cancellation() async {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(until: clock.monotonic + .seconds(1)) }
        await clock.waitForSleepers(1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await clock.sleep(until: clock.monotonic + .seconds(1))
        }
        await #expect(throws: CancellationError.self) { try await late.value }
    }
}
