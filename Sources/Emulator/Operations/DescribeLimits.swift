/// AWS: Kinesis API Reference, DescribeLimits.
enum DescribeLimits: Operation {
    static let name = "DescribeLimits"
    static let input: [Member] = []

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try engine.read { (streams, now) throws(ServiceError) in
            let present = streams.byName.values.filter { $0.status(at: now) != nil }
            var reply = input.reply()
            reply.object { reply in
                reply.member("ShardLimit", Limits.openShards)
                reply.member("OpenShardCount", present.reduce(0) { $0 + $1.openShardCount })
                reply.member("OnDemandStreamCount", present.count { $0.mode == .onDemand })
                reply.member("OnDemandStreamCountLimit", Limits.onDemandStreams)
            }
            return reply
        }
    }
}
