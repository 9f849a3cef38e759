import Records

/// Where in a shard a reader begins (AWS: Kinesis API Reference, GetShardIterator and StartingPosition).
enum StartingPosition: Sendable, Hashable {
    case counter(Int64)
    /// The first record that arrived then or later; milliseconds since 1970.
    case arrival(Int64)

    enum Kind: String, CaseIterable {
        case atSequenceNumber = "AT_SEQUENCE_NUMBER"
        case afterSequenceNumber = "AFTER_SEQUENCE_NUMBER"
        case trimHorizon = "TRIM_HORIZON"
        case latest = "LATEST"
        case atTimestamp = "AT_TIMESTAMP"
    }

    /// Throws InvalidArgumentException; `operation` is for its message.
    init(
        kind: String, sequence: SequenceNumber?, moment: Int64?, of operation: String, in shard: ShardState, of stream: StreamState,
        account: String, at now: Int64
    ) throws(ServiceError) {
        func counter() throws(ServiceError) -> Int64 {
            guard let sequence else {
                throw .invalidArgument(
                    "Must either specify starting sequence number or choose a shard iterator type other than AT_SEQUENCE_NUMBER and "
                        + "AFTER_SEQUENCE_NUMBER.")
            }
            guard let counter = shard.sequences.counter(of: sequence), counter <= shard.nextCounter else {
                throw .invalidArgument(
                    "StartingSequenceNumber \(sequence) used in \(operation) on shard \(shard.id) in stream \(stream.name) under account "
                        + "\(account) is invalid because it did not come from this stream.")
            }
            return counter
        }
        switch Kind(rawValue: kind) {
        case .latest:
            // What is stored decides: numbers given to records that a crash kept from being stored are given again.
            self = .arrival(.max)
        case .atSequenceNumber:
            self = .counter(try counter())
        case .afterSequenceNumber:
            self = .counter(try counter() + 1)
        case .atTimestamp:
            guard let moment else {
                throw .invalidArgument("Must either specify timestamp or choose a shard iterator type other than AT_TIMESTAMP.")
            }
            guard moment <= now else { throw .futureTimestamp(moment, now) }
            self = .arrival(moment)
        case .trimHorizon, nil:
            self = .counter(0)
        }
    }

    /// The counter of the first record to be read.
    func counter(in shard: Int64, store: any StreamStore) async throws -> Int64 {
        switch self {
        case .counter(let counter): counter
        case .arrival(let moment): try await store.counter(shard: shard, arrivedAtOrAfter: moment)
        }
    }
}

extension StreamState {
    /// Throws ResourceNotFoundException.
    func shard(id: String, account: String) throws(ServiceError) -> ShardState {
        guard let position = position(ofShard: id) else {
            throw .resourceNotFound("Shard \(id) in stream \(name) under account \(account) does not exist")
        }
        return shards[position]
    }
}
