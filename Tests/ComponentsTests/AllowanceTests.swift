import Records
import Synchronization
import Testing

@testable import Components

@Suite("What a sink may hold")
struct AllowanceTests {
    private final class Shard: Sendable {
        var writer: Allowance.Writer { ObjectIdentifier(self) }
    }

    private func share(_ records: Int, bytes: Int = 0) -> Allowance.Share { Allowance.Share(records: records, bytes: bytes) }

    /// Who got something, in order.
    private final class Log: Sendable {
        private let names = Mutex<[String]>([])
        func add(_ name: String) { names.withLock { $0.append(name) } }
        var all: [String] { names.withLock { $0 } }
    }

    @Test("what is given back goes to the one that has the least, and of equals to the first that came")
    func fairness() async throws {
        let allowance = Allowance(records: 100, bytes: 1_000)
        let (slow, first, second) = (Shard(), Shard(), Shard())
        try await allowance.take(share(90), for: slow.writer)
        try await allowance.take(share(10), for: first.writer)
        #expect(allowance.isUsedUp)
        let log = Log()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (name, shard) in [("slow", slow), ("first", first), ("second", second), ("second again", second)] {
                let before = allowance.waiting
                group.addTask {
                    try await allowance.take(share(10), for: shard.writer)
                    log.add(name)
                }
                while allowance.waiting == before { await Task.yield() }
            }
            for (count, name) in [(1, "second"), (2, "first"), (3, "second again"), (4, "slow")] {
                allowance.giveBack(share(10), of: slow.writer)
                while log.all.count < count { await Task.yield() }
                #expect(log.all.last == name)
            }
            try await group.waitForAll()
        }
    }

    @Test("bytes bound it as records do; what is larger than all of it may go alone")
    func bytes() async throws {
        let allowance = Allowance(records: 100, bytes: 1_000)
        try await allowance.take(share(1, bytes: 5_000), for: nil)
        #expect(allowance.isUsedUp)
        allowance.giveBack(share(1, bytes: 5_000), of: nil)
        #expect(!allowance.isUsedUp)
    }

    @Test("who waits goes on with the sink's failure, or when it is cancelled, and has taken nothing")
    func ends() async throws {
        let allowance = Allowance(records: 1, bytes: 1)
        try await allowance.take(share(1), for: nil)
        let cancelled = Task { try await allowance.take(share(1), for: nil) }
        while allowance.waiting == 0 { await Task.yield() }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        #expect(allowance.waiting == 0)
        let waiting = Task { try await allowance.take(share(1), for: nil) }
        while allowance.waiting == 0 { await Task.yield() }
        allowance.fail(Failure("sink_gone", "the sink is gone"))
        await #expect(throws: Failure.self) { try await waiting.value }
        await #expect(throws: Failure.self) { try await allowance.take(share(1), for: nil) }
    }
}
