import Synchronization

/// Records in memory, gone with the process.
final class MemoryStore: StreamStore {
    /// The records of one shard, in order.
    private struct Log {
        private var records: [StoredRecord] = []
        /// Where those begin that have not been trimmed.
        private var start = 0

        var live: ArraySlice<StoredRecord> { records[start...] }

        mutating func append(_ record: StoredRecord) {
            records.append(record)
        }

        mutating func trim(arrivedBefore moment: Int64) {
            let cut = live.firstPosition { $0.arrivedAt >= moment }
            // Moving the rest costs as much as is freed: at half, trimming stays linear in what was put.
            if cut > records.count / 2 {
                records.removeFirst(cut)
                start = 0
            } else {
                for position in start..<cut { records[position].data = [] }
                start = cut
            }
        }
    }

    private let logs = Mutex<[Int64: Log]>([:])

    func enqueue(_ changes: [StoreChange], done: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        logs.withLock { logs in
            for change in changes { Self.apply(change, to: &logs) }
        }
        done(.success(()))
    }

    private static func apply(_ change: StoreChange, to logs: inout [Int64: Log]) {
        switch change {
        case .append(let records):
            for record in records { logs[record.shard, default: Log()].append(record) }
        case .saveStream, .saveShards:
            break
        case .deleteStream(_, let shards), .dropShards(let shards):
            for shard in shards { logs[shard] = nil }
        case .trim(let shard, let moment):
            logs[shard]?.trim(arrivedBefore: moment)
        }
    }

    func records(shard: Int64, from counter: Int64, limit: Int, byteLimit: Int) async throws -> RecordPage {
        logs.withLock { logs in
            guard let live = logs[shard]?.live else { return RecordPage(records: [], hasMore: false) }
            let start = live.firstPosition { $0.counter >= counter }
            var end = start
            var bytes = 0
            while end < live.endIndex, end - start < limit {
                bytes += live[end].byteCount
                if bytes > byteLimit, end > start { break }
                end += 1
            }
            return RecordPage(records: Array(live[start..<end]), hasMore: end < live.endIndex)
        }
    }

    func counter(shard: Int64, arrivedAtOrAfter moment: Int64) async throws -> Int64 {
        logs.withLock { logs in
            guard let live = logs[shard]?.live, let last = live.last else { return 0 }
            let position = live.firstPosition { $0.arrivedAt >= moment }
            return position < live.endIndex ? live[position].counter : last.counter + 1
        }
    }

    func close() async {}
}
