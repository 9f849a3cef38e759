import Checkpoints
import Coordination
import Glibc
import Leasing
import Records
import Testing

@testable import Components

/// Regular, and nobody may read it, not even root.
private let unreadableFile = "/proc/sys/net/ipv4/route/flush"

@Suite("The file source")
struct FileSourceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func source(_ harness: Harness, follow: Bool = true, startAt: FileSource.StartAt = .beginning) -> FileSource {
        var config = FileSource.Config()
        config.include = [folder.file("*.log")]
        config.follow = follow
        config.startAt = startAt
        return FileSource.make(config, harness.context)
    }

    /// Reads all files once, to their ends.
    private func readOnce(_ harness: Harness) async throws -> [String] {
        try await source(harness, follow: false).run(harness.context)
        return harness.collector.texts.sorted()
    }

    @Test("reads whole files once, with the last line that has no end")
    func whole() async throws {
        try folder.write("a1\na2\na3", to: "a.log")
        try folder.write("b1\n", to: "b.log")
        #expect(try await readOnce(Harness()) == ["a1", "a2", "a3", "b1"])
    }

    @Test("reads a file once that has several names")
    func links() async throws {
        try folder.write("a1\n", to: "a.log")
        #expect(link(folder.file("a.log"), folder.file("b.log")) == 0)
        #expect(symlink(folder.file("a.log"), folder.file("c.log")) == 0)
        #expect(try await readOnce(Harness()) == ["a1"])
    }

    @Test("goes on exactly where it stopped")
    func restart() async throws {
        let store = MemoryStore()
        try folder.write("1\n2\npart", to: "a.log")
        let first = Harness(store: store)
        try await first.run(source(first)) { await first.collector.waitFor(2) }
        #expect(first.collector.texts == ["1", "2"])
        try folder.append("ial\n3\n", to: "a.log")
        let second = Harness(store: store)
        try await second.run(source(second)) { await second.collector.waitFor(2) }
        #expect(second.collector.texts == ["partial", "3"])
    }

    @Test("reads again what was not acknowledged")
    func unacknowledged() async throws {
        let store = MemoryStore()
        try folder.write("1\n2\n", to: "a.log")
        let first = Harness(store: store, collector: Collector(acknowledges: false))
        try await first.run(source(first)) { await first.collector.waitFor(2) }
        #expect(try await readOnce(Harness(store: store)) == ["1", "2"])
    }

    @Test("ends when it is told to, also while a finished file waits for acknowledgements that never come")
    func abandoned() async throws {
        try folder.write("1\n", to: "a.log")
        let harness = Harness(collector: Collector(acknowledges: false))
        try await harness.run(source(harness, follow: false)) { await harness.collector.waitFor(1) }
        #expect(harness.collector.texts == ["1"])
    }

    @Test("follows growth, and finds files that come later")
    func growth() async throws {
        try folder.write("1\n", to: "a.log")
        let harness = Harness()
        try await harness.run(source(harness)) {
            await harness.collector.waitFor(1)
            try folder.append("2\n", to: "a.log")
            await harness.collector.waitFor(2)
            try folder.write("3\n", to: "b.log")
            await harness.collector.waitFor(3)
        }
        #expect(harness.collector.texts == ["1", "2", "3"])
    }

    @Test("reads what is written to a file after it was renamed, and the new file under its name")
    func rotation() async throws {
        try folder.write("1\n", to: "a.log")
        let harness = Harness()
        try await harness.run(source(harness)) {
            await harness.collector.waitFor(1)
            #expect(rename(folder.file("a.log"), folder.file("a.log.1")) == 0)
            try folder.append("late\n", to: "a.log.1")
            try folder.write("new\n", to: "a.log")
            await harness.collector.waitFor(3)
        }
        #expect(harness.collector.texts.sorted() == ["1", "late", "new"])
    }

    @Test("finds a renamed file again after a restart, and reads nothing of it twice")
    func renamedWhileDown() async throws {
        let store = MemoryStore()
        try folder.write("1\n", to: "a.log")
        let first = Harness(store: store)
        try await first.run(source(first)) { await first.collector.waitFor(1) }
        try folder.append("2\n", to: "a.log")
        #expect(rename(folder.file("a.log"), folder.file("old.log")) == 0)
        try folder.write("3\n", to: "a.log")
        #expect(try await readOnce(Harness(store: store)) == ["2", "3"])
    }

    @Test("begins again where a file was cut")
    func truncation() async throws {
        try folder.write("first\nsecond\n", to: "a.log")
        let store = MemoryStore()
        let harness = Harness(store: store)
        try await harness.run(source(harness)) {
            await harness.collector.waitFor(2)
            #expect(truncate(folder.file("a.log"), 0) == 0)
            try folder.append("3\n", to: "a.log")
            await harness.collector.waitFor(3)
        }
        #expect(harness.collector.texts == ["first", "second", "3"])
        #expect(try await readOnce(Harness(store: store)).isEmpty)
    }

    @Test("begins again where a file was cut while nobody read it")
    func truncatedWhileDown() async throws {
        let store = MemoryStore()
        try folder.write("first\nsecond\n", to: "a.log")
        _ = try await readOnce(Harness(store: store))
        #expect(truncate(folder.file("a.log"), 0) == 0)
        try folder.append("3\n", to: "a.log")
        #expect(try await readOnce(Harness(store: store)) == ["3"])
    }

    @Test("skips at its first start what is there with start_at: end, and nothing at a later one")
    func startAtEnd() async throws {
        let store = MemoryStore()
        try folder.write("old\n", to: "a.log")
        let first = Harness(store: store)
        try await first.run(source(first, startAt: .end)) {
            try await Eventually.holds { try await !store.table("file:in").leases().isEmpty }
            try folder.append("new\n", to: "a.log")
            await first.collector.waitFor(1)
        }
        #expect(first.collector.texts == ["new"])
        try folder.write("while down\n", to: "b.log")
        let second = Harness(store: store)
        try await second.run(source(second, startAt: .end)) { await second.collector.waitFor(1) }
        #expect(second.collector.texts == ["while down"])
    }

    @Test("is idle only when all is read and acknowledged")
    func idle() async throws {
        try folder.write("1\n", to: "a.log")
        let harness = Harness(collector: Collector(acknowledges: false))
        let unacknowledged = source(harness)
        try await harness.run(unacknowledged) {
            await harness.collector.waitFor(1)
            #expect(!unacknowledged.isIdle)
        }
        let other = Harness()
        let acknowledged = source(other)
        try await other.run(acknowledged) { try await Eventually.holds { acknowledged.isIdle } }
        #expect(other.collector.texts == ["1"])
    }

    @Test("shares files with another agent on the same store: each line is read once, and none is left")
    func twoAgents() async throws {
        for name in 1...8 { try folder.write("\(name)\n", to: "\(name).log") }
        let store = try await SQLiteStore.open(SQLiteConfiguration(path: folder.file("checkpoints.sqlite")))
        let first = Harness(store: store)
        var second = Harness(store: store)
        second.worker = "worker-2"
        let (one, two) = (first, second)
        async let left = readOnce(one)
        async let right = readOnce(two)
        let all = try await (left + right).sorted()
        #expect(all == (1...8).map(String.init))
    }

    @Test(
        "reads the other files where one cannot be read, and ends with that error where it reads files once",
        .enabled(if: access(unreadableFile, F_OK) == 0))
    func unreadable() async throws {
        try folder.write("1\n", to: "a.log")
        #expect(symlink(unreadableFile, folder.file("b.log")) == 0)
        let harness = Harness()
        let source = source(harness, follow: false)
        await #expect(throws: Failure.self) { try await source.run(harness.context) }
        #expect(harness.collector.texts == ["1"])
        #expect(harness.failures.codes == ["input_failed"])
        let following = Harness()
        try await following.run(self.source(following)) { await following.collector.waitFor(1) }
        #expect(following.failures.codes.isEmpty)
    }
}

/// A condition that becomes true by itself; the limit only ends a test that fails.
enum Eventually {
    static func holds(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline, "it never happened")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
