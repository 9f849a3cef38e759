import ArgumentParser
import Coordination
import Kinesis
import Leasing
import Logging
import Processors
import Records
import Synchronization

struct StreamTailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Prints a stream's records, a line each, KPL aggregates opened.",
        discussion: "Runs until a signal, or until -n records are printed. It keeps no positions and takes no leases.")

    enum Start: String, ExpressibleByArgument, CaseIterable {
        case latest = "LATEST"
        case trimHorizon = "TRIM_HORIZON"
    }

    @OptionGroup var access: StreamAccess
    @OptionGroup var target: StreamArgument

    @Option(name: [.customShort("n"), .long], help: "End after so many records.")
    var count: Int?

    @Option(name: [.customShort("i"), .long], help: "Where to begin: LATEST or TRIM_HORIZON.")
    var iteratorType = Start.latest

    func run() async throws {
        try await access.withClient { client, logger in
            let start: IteratorStart = iteratorType == .latest ? .latest : .trimHorizon
            let tail = StreamTail(client: client, stream: target.stream, start: start, limit: count)
            try await Termination.drainingOnSignals(logger) { draining in try await tail.run(until: draining) }
        }
    }
}

/// Reads all shards of a stream side by side and prints what comes.
private final class StreamTail: Sendable {
    private let client: KinesisClient
    private let stream: StreamIdentifier
    private let start: IteratorStart
    private let left: Mutex<Int>
    private let isDone = Latch()

    /// Within the quota of five calls a second and shard, with room for other readers.
    private static let interval = Duration.milliseconds(400)

    init(client: KinesisClient, stream: StreamIdentifier, start: IteratorStart, limit: Int?) {
        self.client = client
        self.stream = stream
        self.start = start
        left = Mutex(limit ?? .max)
    }

    func run(until draining: Latch) async throws {
        let shards = try await client.listShards(stream)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await draining.wait()
                self.isDone.open()
            }
            for shard in shards { group.addTask { try await self.follow(shard.id, from: self.start) } }
            await isDone.wait()
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !isDone.isOpen { throw error }
            }
        }
    }

    private func follow(_ shard: String, from start: IteratorStart) async throws {
        var next: String? = try await client.shardIterator(stream, shard: shard, at: start)
        while let iterator = next, !isDone.isOpen {
            let reply = try await client.getRecords(iterator, limit: 1_000, stream: stream, retry: RetryPolicy())
            for record in reply.records { print(record) }
            next = reply.nextIterator
            if reply.millisBehindLatest == 0 { await isDone.wait(atMost: Self.interval) }
        }
    }

    private func print(_ record: KinesisRecord) {
        let users = KPL.deaggregate(record.data)?.map(\.data) ?? [record.data]
        left.withLock { left in
            for data in users where left > 0 {
                StandardOutput.write(data.last == UInt8(ascii: "\n") ? data : data + [UInt8(ascii: "\n")])
                left -= 1
            }
            if left <= 0 { isDone.open() }
        }
    }
}
