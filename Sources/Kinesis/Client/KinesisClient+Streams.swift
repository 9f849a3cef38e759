public import Coordination

extension KinesisClient {
    /// A listing that does not end within so many pages comes from a broken server: a page has up to 1,000 shards, a stream up to 10,000.
    private static let mostPages = 1_000

    /// All shards that `filter` admits (all that the stream still keeps without one), from as many pages as it takes.
    public func listShards(_ stream: StreamIdentifier, filter: ShardFilter? = nil) async throws(KinesisError) -> [Shard] {
        try await shardListing(stream, filter: filter).shards
    }

    /// As `listShards`, with the service's time: reading from LATEST begins at the time of the listing that found the shards.
    public func shardListing(_ stream: StreamIdentifier, filter: ShardFilter? = nil) async throws(KinesisError) -> ShardListing {
        var restarts = 0
        while true {
            do throws(KinesisError) {
                return try await pages(stream, filter)
            } catch {
                // A page token lives for five minutes: a listing that took longer begins again, but not for ever.
                restarts += 1
                guard error.kind == .expiredNextToken, restarts < Self.mostListings else { throw error }
            }
        }
    }

    private static let mostListings = 3

    private func pages(_ stream: StreamIdentifier, _ filter: ShardFilter?) async throws(KinesisError) -> ShardListing {
        let first = try await perform(ListShards(source: stream, filter: filter, nextToken: nil), retry: retry)
        var listing = ShardListing(shards: first.reply.shards, servedAt: first.at)
        var token = first.reply.nextToken
        for _ in 1..<Self.mostPages {
            guard let next = token else { return listing }
            let page = try await perform(ListShards(source: stream, filter: filter, nextToken: next))
            listing.shards += page.shards
            token = page.nextToken
        }
        throw Self.endless(.listShards, stream)
    }

    /// Starts to create a stream in the client's account and region; it is usable once it is ACTIVE.
    public func createStream(_ name: String, shards: Int) async throws(KinesisError) {
        try await perform(CreateStream(name: name, shards: shards))
    }

    /// Starts to delete a stream with all its records.
    public func deleteStream(_ stream: StreamIdentifier) async throws(KinesisError) {
        try await perform(DeleteStream(target: stream))
    }

    /// What the stream is, without its shards.
    public func describeStreamSummary(_ stream: StreamIdentifier) async throws(KinesisError) -> StreamSummary {
        try await perform(DescribeStreamSummary(target: stream))
    }

    /// The stream with all its shards, for servers that lack ListShards or DescribeStreamSummary.
    public func describeStream(_ stream: StreamIdentifier) async throws(KinesisError) -> StreamDescription {
        var shards: [Shard] = []
        for _ in 0..<Self.mostPages {
            let page = try await perform(DescribeStream(target: stream, startAfter: shards.last?.id))
            shards += page.shards
            guard page.hasMore, !page.shards.isEmpty else {
                var summary = page.summary
                summary.openShards = shards.count { !$0.isClosed }
                return StreamDescription(summary: summary, shards: shards)
            }
        }
        throw Self.endless(.describeStream, stream)
    }

    /// The names of all streams of the account in the region.
    public func listStreams() async throws(KinesisError) -> [String] {
        var names: [String] = []
        var token: String?
        for _ in 0..<Self.mostPages {
            let page = try await perform(ListStreams(nextToken: token, startAfter: names.last))
            names += page.names
            token = page.nextToken
            guard page.hasMore, !page.names.isEmpty else { return names }
        }
        throw Self.endless(.listStreams, nil)
    }

    /// Starts to split a shard in two; the upper child begins at `newStartingHashKey`.
    public func splitShard(_ stream: StreamIdentifier, shard: String, newStartingHashKey: HashKey) async throws(KinesisError) {
        try await perform(SplitShard(target: stream, shard: shard, newStartingHashKey: newStartingHashKey))
    }

    /// Starts to merge two shards whose hash ranges touch.
    public func mergeShards(_ stream: StreamIdentifier, _ shard: String, with adjacent: String) async throws(KinesisError) {
        try await perform(MergeShards(target: stream, shard: shard, adjacent: adjacent))
    }

    private static func endless(_ operation: Operation, _ stream: StreamIdentifier?) -> KinesisError {
        KinesisError(
            .malformedReply, code: "MalformedReply", message: "the listing has not ended after \(mostPages) pages",
            operation: operation.rawValue, stream: stream?.name)
    }
}
