import Coordination
import Records
import Synchronization

@testable import Kinesis

/// A stream of one shard that answers as the test says and remembers what it has stored.
final class FakePutRecords: PutRecordsTransport {
    typealias Answer = @Sendable (_ call: Int, [PutEntry]) async throws(KinesisError) -> [PutResult]

    typealias Listing = @Sendable () throws(KinesisError) -> [Shard]

    private let answer: Answer?
    private let listing: Listing?
    private let calls = Mutex(0)
    private let records = Mutex<[PutEntry]>([])

    init(shards: Listing? = nil, answer: Answer? = nil) {
        listing = shards
        self.answer = answer
    }

    static let shard = Shard(id: "s0", hashRange: .all, startingSequence: SequenceNumber(0))
    static let success = PutResult.stored(shard: "s0", sequence: SequenceNumber(1))

    /// What is in the stream, in its order.
    var stored: [PutEntry] { records.withLock { $0 } }

    func putRecords(_ stream: StreamIdentifier, _ entries: [PutEntry]) async throws(KinesisError) -> [PutResult] {
        let call = calls.withLock { calls in
            calls += 1
            return calls
        }
        let results = if let answer { try await answer(call, entries) } else { entries.map { _ in Self.success } }
        records.withLock { records in
            for (entry, result) in zip(entries, results) {
                if case .stored = result { records.append(entry) }
            }
        }
        return results
    }

    func openShards(_ stream: StreamIdentifier) async throws(KinesisError) -> [Shard] {
        if let listing { try listing() } else { [Self.shard] }
    }
}

/// Holds tasks up until it is opened.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiters = state.withLock { state in
            defer { state = (true, []) }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

extension KinesisError {
    static func fake(_ kind: Kind) -> KinesisError {
        KinesisError(kind, code: "Fake", message: "as the test says", operation: "PutRecords", stream: "orders")
    }
}
