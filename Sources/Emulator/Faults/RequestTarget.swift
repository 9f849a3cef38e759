/// What a request is about, as quotas and faults tell requests apart.
struct RequestTarget: Sendable, Hashable {
    /// The action's name.
    var operation: String
    /// Nil where the action names none, or one that does not exist.
    var stream: String?
    /// The ids of the shards that it reads from or writes to.
    var shards: Set<String> = []
}

extension RequestTarget {
    /// `includesPuts` also looks up the shards of records that are put, which takes a digest of each partition key.
    init(_ operation: any ServiceOperation.Type, _ input: Input, on engine: StreamEngine, includesPuts: Bool) {
        self.init(operation: operation.name)
        if let id = input.string("ShardId") { shards.insert(id) }
        for name in ["ShardToSplit", "ShardToMerge", "AdjacentShardToMerge"] {
            if let id = input.string(name) { shards.insert(id) }
        }
        engine.look { streams, now in
            if let token = input.string("ShardIterator"), let iterator = try? ShardIterator(token: token, now: now) {
                guard let found = streams.readyStream(id: iterator.stream, at: now) else { return }
                stream = found.name
                if let shard = found.shard(key: iterator.shard) { shards.insert(shard.id) }
            } else if let text = input.string("NextToken"), let token = try? ShardPageToken(text: text, now: now) {
                stream = streams.readyStream(id: token.stream, at: now)?.name
            } else {
                let arn = ["StreamARN", "ConsumerARN", "ResourceARN"].lazy.compactMap(input.string).first
                stream = input.string("StreamName") ?? arn.flatMap(Self.stream)
            }
            guard includesPuts, let stream, let state = try? streams.readyStream(stream, at: now) else { return }
            let entries = operation.name == PutRecord.name ? [input] : input.structures("Records")
            for entry in entries {
                guard let key = try? PutEntry.hashKey(of: entry) else { continue }
                shards.insert(state.shards[state.route(key)].id)
            }
        }
    }

    /// The stream in the ARN of a stream or of a consumer.
    private static func stream(arn: String) -> String? {
        let path = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).last ?? ""
        let parts = path.split(separator: "/")
        return parts.count >= 2 && parts[0] == "stream" ? String(parts[1]) : nil
    }
}
