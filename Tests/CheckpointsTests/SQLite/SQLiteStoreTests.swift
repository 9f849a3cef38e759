import Coordination
import Foundation
import GRDB
import Records
import Synchronization
import Testing

@testable import Checkpoints

@Suite("The SQLite store")
struct SQLiteStoreTests {
    @Test("two stores on one file are one table")
    func twoStores() async throws {
        try await withTemporaryFolder { folder in
            let configuration = SQLiteConfiguration(path: "\(folder)/c.sqlite")
            let one = try await SQLiteStore.open(configuration)
            let two = try await SQLiteStore.open(configuration)
            try await one.table("s").create([NewLease(shard: "a", position: .trimHorizon)])
            let lease = try await two.table("s").take("a", "two")
            #expect(try await one.table("s").acquire("a", owner: "one", for: hour, stealing: nil) == .held)
            #expect(try await one.table("s").checkpoint([(lease, .at("5"))]) == [.stored])
            #expect(try await two.table("s").row("a")?.position == .at("5"))
            await one.close()
            await two.close()
        }
    }

    @Test("stores opened and used at once never see a busy file, and one of them wins each lease")
    func contention() async throws {
        try await withTemporaryFolder { folder in
            let configuration = SQLiteConfiguration(path: "\(folder)/c.sqlite")
            let shards = (0..<20).map { "shard-\($0)" }
            let won = try await withThrowingTaskGroup(of: [String].self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        let store = try await SQLiteStore.open(configuration)
                        let table = store.table("s")
                        try await table.create(shards.map { NewLease(shard: $0, position: .trimHorizon) })
                        var mine: [String] = []
                        for shard in shards.shuffled() {
                            if case .acquired = try await table.acquire(shard, owner: "w\(worker)", for: hour, stealing: nil) {
                                mine.append(shard)
                            }
                        }
                        await store.close()
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(won.sorted() == shards.sorted())
        }
    }

    @Test("rows outlive the process that wrote them")
    func reopened() async throws {
        try await withTemporaryFolder { folder in
            let configuration = SQLiteConfiguration(path: "\(folder)/c.sqlite")
            let first = try await SQLiteStore.open(configuration)
            try await first.table("s").create([NewLease(shard: "a", position: .trimHorizon)])
            let lease = try await first.table("s").take("a", "one")
            #expect(try await first.table("s").checkpoint([(lease, .at("5", 1))]) == [.stored])
            await first.close()
            let second = try await SQLiteStore.open(configuration)
            #expect(try await second.table("s").row("a")?.position == .at("5", 1))
            #expect(try await second.table("s").renew([lease], for: hour) == [.renewed(nextOwner: nil)])
            await second.close()
        }
    }

    @Test("a lease ends when the clock says so, and not a millisecond earlier")
    func expiry() async throws {
        try await withTemporaryFolder { folder in
            let clock = ManualMilliseconds(1_000)
            let store = try await SQLiteStore.open(
                SQLiteConfiguration(path: "\(folder)/c.sqlite"), milliseconds: { clock.now }, isGone: { _ in false })
            let table = store.table("s")
            try await table.create([NewLease(shard: "a", position: .trimHorizon)])
            let lease = try await table.take("a", "one", for: .seconds(60))
            #expect(try await table.announce(Worker("one"), for: .seconds(60)) == [Worker("one")])
            clock.now += 59_999
            #expect(try await table.row("a")?.remaining == .milliseconds(1))
            #expect(try await table.acquire("a", owner: "two", for: hour, stealing: nil) == .held)
            clock.now += 1
            #expect(try await table.row("a")?.remaining == nil)
            #expect(try await table.announce(Worker("two"), for: hour) == [Worker("two")])
            #expect(try await table.take("a", "two").token > lease.token)
            await store.close()
        }
    }

    @Test("the lease of a dead process of this machine is free at once, and its announcement forgotten")
    func deadOwner() async throws {
        try await withTemporaryFolder { folder in
            let dead = "dead-worker"
            let store = try await SQLiteStore.open(
                SQLiteConfiguration(path: "\(folder)/c.sqlite"), milliseconds: { 0 }, isGone: { $0 == dead })
            let table = store.table("s")
            try await table.create(["a", "b"].map { NewLease(shard: $0, position: .trimHorizon) })
            let old = try await table.take("a", dead)
            _ = try await table.take("b", "living")
            #expect(try await table.announce(Worker(dead), for: hour).isEmpty)
            #expect(try await table.announce(Worker("living"), for: hour) == [Worker("living")])
            #expect(try await table.leases().map(\.isLive) == [false, true])
            #expect(try await !table.requestHandoff("a", from: dead, to: "living", within: hour))
            #expect(try await table.acquire("b", owner: "new", for: hour, stealing: nil) == .held)
            #expect(try await table.take("a", "new").token > old.token)
            await store.close()
        }
    }

    @Test("commits are flushed to the disk in full")
    func synchronous() async throws {
        try await withTemporaryFolder { folder in
            let queue = try DatabaseQueue(path: "\(folder)/c.sqlite", configuration: SQLiteSchema.configuration())
            let (mode, synchronous) = try await queue.read { database in
                (try String.fetchOne(database, sql: "PRAGMA journal_mode"), try Int.fetchOne(database, sql: "PRAGMA synchronous"))
            }
            #expect(mode == "wal")
            #expect(synchronous == 2)
        }
    }

    @Test("a file of a newer version, of another kind or in no folder is a clear failure")
    func unusable() async throws {
        try await withTemporaryFolder { folder in
            let newer = "\(folder)/newer.sqlite"
            try await DatabaseQueue(path: newer).write { try $0.execute(sql: "PRAGMA user_version = 99") }
            await #expect { try await SQLiteStore.open(SQLiteConfiguration(path: newer)) } throws: { error in
                (error as? Failure)?.code == "checkpoints_unreadable" && "\(error)".contains("99")
            }
            let text = "\(folder)/notes.txt"
            try String(repeating: "not a database ", count: 100).write(toFile: text, atomically: true, encoding: .utf8)
            await #expect { try await SQLiteStore.open(SQLiteConfiguration(path: text)) } throws: { error in
                (error as? Failure)?.code == "checkpoints_unreadable" && "\(error)".contains(text)
            }
            await #expect { try await SQLiteStore.open(SQLiteConfiguration(path: "\(folder)/none/c.sqlite")) } throws: { error in
                (error as? Failure)?.code == "checkpoints_unavailable" && "\(error)".contains("folder")
            }
        }
    }

    @Test("a row that holds something else is named, not skipped")
    func unreadableRow() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/c.sqlite"
            let store = try await SQLiteStore.open(SQLiteConfiguration(path: path))
            try await store.table("s").create([NewLease(shard: "shard-7", position: .trimHorizon)])
            try await DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE leases SET position = 'LATEST'") }
            await #expect { try await store.table("s").leases() } throws: { "\($0)".contains("shard-7") }
            await store.close()
        }
    }
}
