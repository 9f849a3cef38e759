import Coordination
import Kinesis
import Logging
import Pipeline
import Processors
import Records

/// Writes records to a Kinesis stream, each shard at its own pace.
struct KinesisSink: SinkComponent {
    struct Config: ComponentConfig {
        var stream = ""
        var processor = ProcessorSpec.json
        var partitionKey: ConfigExpression?
        var explicitHashKey: ConfigExpression?
        var bufferTime = Duration.milliseconds(500)
        var batchSize = 500
        var maxQueueSize = 10_000
        var putRateLimitPerShard = 1000.0
        var putBandwidthLimitPerShard = KibibyteSize(ByteSize.kibibytes(1024))
        var ordering = Ordering.perKey
        var maxInFlight = 16
        var afterFlush: CommandSetting?
        var createStream = false
        var createStreamShards = 1
        var shards = 1
        var region: String?
        var endpoint: EndpointSetting?

        init() {}

        static let fields: [Field<Config>] = [
            Field("stream", \.stream, required: true, "The stream's name or ARN."),
            Field("processor", \.processor, "How records are encoded and put together."),
            Field(
                "partition_key", \.partitionKey, otherwise: "the source record's key, else random",
                "An expression for the key: `record.customer_id`."),
            Field(
                "explicit_hash_key", \.explicitHashKey, otherwise: "none",
                "An expression for a 128-bit decimal that chooses the shard in the key's stead."),
            Field("buffer_time", \.bufferTime, "The longest that a record waits for others to share its request."),
            Field("batch_size", \.batchSize, "Records in a request, at most 500."),
            Field("max_queue_size", \.maxQueueSize, "Records waiting to be written; when it is full, reading pauses."),
            Field("put_rate_limit_per_shard", \.putRateLimitPerShard, "Records per second and shard."),
            Field("put_bandwidth_limit_per_shard", \.putBandwidthLimitPerShard, "Bytes per second and shard; a plain number counts KiB."),
            Field(
                "ordering", \.ordering, "`per_key` keeps the order of each partition key through every failure; `none` is for speed alone."),
            Field(
                "max_in_flight", \.maxInFlight,
                "Requests under way at once. While they hold 256 KiB of records for each, no further one begins."),
            Field(
                "after_flush", \.afterFlush, otherwise: "none",
                """
                A command to run after every request, with what became of each record as JSON on its standard input. It may take 30 s; its \
                failure is logged and counted, and holds back nothing.
                """),
            Field("create_stream", \.createStream, "Create the stream where it is missing."),
            Field("create_stream_shards", \.createStreamShards, "Shards of a stream that is created."),
            Field("shards", \.shards, "Shards of the stream where it has to be created on the embedded stream."),
            Field("region", \.region, otherwise: "that of `aws`", "The AWS region."),
            Field("endpoint", \.endpoint, otherwise: "that of `aws`", "`embedded` for the embedded stream, or a URL."),
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            func check(_ key: String, _ isValid: Bool, _ rule: String) {
                if !isValid { context.error("out_of_range", "`\(key)` is \(rule)", at: node[key] ?? node) }
            }
            StreamSetting.check(stream, node["stream"] ?? node, in: &context)
            StreamSetting.checkSize(of: processor, node, in: &context)
            check("batch_size", (1...500).contains(batchSize), "1 to 500")
            check("max_queue_size", maxQueueSize >= 1, "at least 1")
            check("max_in_flight", maxInFlight >= 1, "at least 1")
            check("put_rate_limit_per_shard", putRateLimitPerShard > 0, "more than 0")
            check("put_bandwidth_limit_per_shard", putBandwidthLimitPerShard.size.bytes > 0, "more than 0")
            check("create_stream_shards", (1...10_000).contains(createStreamShards), "1 to 10000")
            check("shards", (1...10_000).contains(shards), "1 to 10000")
        }
    }

    /// What the sink promises of the order in which records reach a shard.
    enum Ordering: String, ConfigChoice {
        case perKey = "per_key"
        case none
    }

    static let kind = "kinesis"
    static let summary = "Writes records to a Kinesis stream, paced per shard, in order per partition key."

    private let writer: StreamWriter

    static func make(_ config: Config, _ context: SinkContext) async throws -> KinesisSink {
        let stream = try StreamSetting.identifier(config.stream)
        let client = try await context.clients.client(region: config.region, endpoint: config.endpoint)
        if await context.clients.isEmbedded(config.endpoint) {
            try await context.clients.ensure(stream: stream, shards: config.shards, on: client)
        } else if config.createStream {
            try await context.clients.ensure(stream: stream, shards: config.createStreamShards, on: client)
        }
        var configuration = ProducerConfiguration()
        // An aggregate's records have waited for each other already; it waits a moment for others to share its request.
        configuration.bufferTime = config.processor.aggregator == .simple ? config.bufferTime : min(config.bufferTime, .milliseconds(10))
        configuration.batchSize = config.batchSize
        configuration.maxQueueSize = config.maxQueueSize
        configuration.putRateLimitPerShard = config.putRateLimitPerShard
        configuration.putBandwidthLimitPerShard = Double(config.putBandwidthLimitPerShard.size.bytes)
        configuration.ordering = config.ordering == .perKey ? .perKey : .none
        configuration.maxInFlight = config.maxInFlight
        configuration.maxRecordSize = await Self.maxRecordSize(of: stream, client, context)
        let encoder = RecordEncoder(
            processor: try Self.fitted(config.processor, to: configuration.maxRecordSize, context),
            partitionKey: config.partitionKey?.program, explicitHashKey: config.explicitHashKey?.program)
        return KinesisSink(
            writer: StreamWriter(
                stream: stream, transport: client, configuration: configuration, bufferTime: config.bufferTime, encoder: encoder,
                afterFlush: config.afterFlush.map { FlushCommand($0, context: context) }, context: context))
    }

    /// What the stream says, or 1 MiB, which every stream takes. Whoever may not describe the stream can still write to it.
    private static func maxRecordSize(of stream: StreamIdentifier, _ client: KinesisClient, _ context: SinkContext) async -> Int {
        do throws(KinesisError) {
            return try await client.describeStreamSummary(stream).maxRecordBytes
        } catch {
            context.logger.info("the stream's record limit is not known, so 1 MiB is kept", metadata: ["reason": "\(error)"])
            return ProducerConfiguration().maxRecordSize
        }
    }

    /// A processor whose limit the stream does not take is held to the stream's; bytes as they are may be as large as the stream allows.
    static func fitted(_ processor: ProcessorSpec, to limit: Int, _ context: SinkContext) throws -> ProcessorSpec {
        let limit = ByteSize(bytes: limit)
        if processor.maxSize > limit {
            context.logger.warning(
                "the processor's max_size is over what the stream takes, which is kept instead",
                metadata: ["processor": "\(processor.name)", "max_size": "\(processor.maxSize)", "record_limit": "\(limit)"])
            return try processor.with(maxSize: limit)
        }
        return processor == .raw ? try processor.with(maxSize: limit) : processor
    }

    func write(_ batch: SinkBatch) async throws { try await writer.write(batch) }
    func run() async throws { try await writer.run() }
    func finish() { writer.finish() }
}
