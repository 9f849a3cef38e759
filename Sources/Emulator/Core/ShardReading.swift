/// A shard as it was before its records were read: taken first, so that a shard that looks ended has all its records in the store.
struct ShardView: Sendable {
    let iterator: ShardIterator
    let streamName: String
    /// AWS: EncryptionType.
    let encryptionType: String
    let shard: ShardState
    /// Empty unless the shard is closed and all of it is stored.
    let children: [ShardState]
    /// Milliseconds since 1970.
    let now: Int64

    /// Throws ResourceNotFoundException when the stream is gone, or retention has emptied and removed the shard.
    init(_ iterator: ShardIterator, in streams: Streams, at now: Int64) throws(ServiceError) {
        guard let stream = streams.readyStream(id: iterator.stream, at: now) else {
            throw .resourceNotFound("The stream of this ShardIterator does not exist.")
        }
        guard let shard = stream.shard(key: iterator.shard) else {
            throw .resourceNotFound("The shard of this ShardIterator does not exist in stream \(stream.name).")
        }
        self.iterator = iterator
        streamName = stream.name
        encryptionType = stream.settings.encryptionType
        self.shard = shard
        self.now = now
        children = shard.closure?.isSealed == true ? stream.children(of: shard) : []
    }
}

/// What a read of a shard answers.
struct ShardReading: Sendable {
    let records: [StoredRecord]
    let sequences: SequenceSpace
    /// Nil when the shard is closed and has been read to its end.
    let next: ShardIterator?
    /// Set along with the end of the shard.
    let children: [ShardState]
    let encryptionType: String
    /// The age of the last record read while there are more; 0 at the tip.
    let millisecondsBehind: Int64

    init(_ view: ShardView, _ page: RecordPage) {
        records = page.records
        sequences = view.shard.sequences
        encryptionType = view.encryptionType
        // Clients take 0 for the tip, so a record of this very millisecond counts as one.
        millisecondsBehind = page.hasMore ? max(1, view.now - (page.records.last?.arrivedAt ?? view.now)) : 0
        if !page.hasMore && view.shard.closure?.isSealed == true {
            next = nil
            children = view.children
        } else {
            let counter = page.records.last.map { $0.counter + 1 } ?? view.iterator.counter
            next = ShardIterator(stream: view.iterator.stream, shard: view.shard.key, counter: counter, issuedAt: view.now)
            children = []
        }
    }
}
