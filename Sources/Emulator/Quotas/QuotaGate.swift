import Records
import Synchronization

/// The quotas of a running server: nothing is limited unless it was started with them.
final class QuotaGate: Sendable {
    private let quotas: Mutex<Quotas>
    private let clock: any EmulatorClock
    let isEnforcing: Bool

    init(isEnforcing: Bool, clock: any EmulatorClock) {
        self.isEnforcing = isEnforcing
        self.clock = clock
        quotas = Mutex(Quotas())
    }

    /// Throws LimitExceededException when an action is called too often.
    func admit(_ request: RequestTarget, account: String) throws(ServiceError) {
        guard check({ $0.call(request.operation, stream: request.stream, now: $1) }) else {
            throw .limitExceeded(
                request.stream.map { "Rate exceeded for stream \($0) under account \(account)." } ?? "Rate exceeded for account \(account)."
            )
        }
    }

    /// Throws ProvisionedThroughputExceededException when a shard is read too often or too much.
    func admitRead(_ shard: ShardState, of stream: String, account: String) throws(ServiceError) {
        guard check({ $0.read(shard: shard.key, now: $1) }) else { throw .rateExceeded(shard.id, stream, account) }
    }

    /// Throws ProvisionedThroughputExceededException when too many iterators of a shard are asked for.
    func admitIterator(_ shard: ShardState, of stream: String, account: String) throws(ServiceError) {
        guard check({ $0.iterator(shard: shard.key, now: $1) }) else { throw .rateExceeded(shard.id, stream, account) }
    }

    /// Whether a shard takes a record.
    func admitWrite(_ shard: Int64, bytes: Int) -> Bool {
        check { $0.write(shard: shard, bytes: bytes, now: $1) }
    }

    /// Counts what a GetRecords gave.
    func gave(_ shard: Int64, bytes: Int) {
        _ = check { quotas, _ in
            quotas.gave(shard: shard, bytes: bytes)
            return true
        }
    }

    /// Forgets shards that are gone.
    func forget(_ changes: [StoreChange]) {
        guard isEnforcing else { return }
        for change in changes {
            switch change {
            case .deleteStream(_, let keys), .dropShards(let keys): quotas.withLock { $0.forget(keys) }
            case .append, .saveStream, .saveShards, .trim: continue
            }
        }
    }

    private func check(_ body: (inout Quotas, MonotonicTime) -> Bool) -> Bool {
        guard isEnforcing else { return true }
        return quotas.withLock { body(&$0, clock.monotonic) }
    }
}

extension ServiceError {
    /// As AWS words it, for whole requests and for single records.
    static func rateExceeded(_ shard: String, _ stream: String, _ account: String) -> ServiceError {
        ServiceError(
            code: "ProvisionedThroughputExceededException",
            message: "Rate exceeded for shard \(shard) in stream \(stream) under account \(account).")
    }
}
