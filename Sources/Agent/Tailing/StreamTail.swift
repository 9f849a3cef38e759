import Coordination
public import Kinesis
import Processors
import Records
import Synchronization

/// Reads all shards of a stream side by side and prints what comes, the children of a shard that ends among them.
public final class StreamTail: Sendable {
    private enum End: Sendable {
        /// The shard is closed and read to its end.
        case shard(children: [Shard])
        /// Enough is printed, or a signal came.
        case tail
    }

    private let client: any ShardReading
    private let stream: StreamIdentifier
    private let start: IteratorStart
    private let write: @Sendable ([UInt8]) throws -> Void
    private let left: Mutex<Int>

    /// Within the quota of five calls a second and shard, with room for other readers.
    private static let interval = Duration.milliseconds(400)

    /// - Parameters:
    ///   - start: where the shards begin that are there already; children begin at their first record.
    ///   - limit: records to print; nil for all.
    ///   - write: takes a line with its end, one at a time.
    public init(
        client: any ShardReading, stream: StreamIdentifier, start: IteratorStart, limit: Int?,
        write: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.client = client
        self.stream = stream
        self.start = start
        self.write = write
        left = Mutex(limit ?? .max)
    }

    /// Until `stop` returns, enough is printed, or every shard has ended. Throws what a shard's reader or `write` threw.
    public func run(until stop: @escaping @Sendable () async -> Void) async throws {
        let shards = try await client.shardListing(stream, filter: nil).shards
        try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask {
                await stop()
                return .tail
            }
            var known = Set(shards.map(\.id))
            var reading = shards.count
            for shard in shards { group.addTask { try await self.follow(shard.id, from: self.start) } }
            while reading > 0, case .shard(let children)? = try await group.next() {
                let born = children.filter { known.insert($0.id).inserted }
                for child in born { group.addTask { try await self.follow(child.id, from: .trimHorizon) } }
                reading += born.count - 1
            }
            group.cancelAll()
        }
    }

    private func follow(_ shard: String, from start: IteratorStart) async throws -> End {
        var next: String? = try await client.shardIterator(stream, shard: shard, at: start)
        while let iterator = next {
            let reply = try await client.getRecords(iterator, limit: 1_000, stream: stream)
            for record in reply.records where try !print(record) { return .tail }
            next = reply.nextIterator
            if next == nil { return .shard(children: reply.childShards) }
            try await Task.sleep(for: reply.millisBehindLatest == 0 ? Self.interval : Self.interval / 2)
        }
        return .shard(children: [])
    }

    /// False once enough is printed.
    private func print(_ record: KinesisRecord) throws -> Bool {
        let users = KPL.deaggregate(record.data)?.map(\.data) ?? [record.data]
        return try left.withLock { left in
            for data in users where left > 0 {
                try write(data.last == UInt8(ascii: "\n") ? data : data + [UInt8(ascii: "\n")])
                left -= 1
            }
            return left > 0
        }
    }
}
