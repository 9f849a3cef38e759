import Coordination
import Kinesis
import Logging
import Pipeline
import Processors
import Records

/// Reads the shards of a Kinesis stream: its share of them, beside other agents of the same pipeline.
struct KinesisSource: SourceComponent {
    struct Config: ComponentConfig {
        var stream = ""
        var processor = ProcessorSpec.json
        var iteratorType = IteratorType.trimHorizon
        var timestamp: TimestampSetting?
        var recordLimit = 10_000
        var maxQueueSize = 10_000
        var maxShardConsumers: Int?
        var sleepTimeNoRecords = Duration.seconds(2)
        var shardFetchRate = 1.0
        var onRecreated = RecreatedStream.stop
        var mode = ReadMode.polling
        var consumer: String?
        var onFanOutFailure = FanOutFailurePolicy.stop
        var shards = 1
        var region: String?
        var endpoint: EndpointSetting?

        init() {}

        static let fields: [Field<Config>] = [
            Field("stream", \.stream, required: true, "The stream's name or ARN."),
            Field("processor", \.processor, "How records are decoded; KPL aggregates are opened in any case."),
            Field("iterator_type", \.iteratorType, "Where a shard begins that has no position yet."),
            Field("timestamp", \.timestamp, "The moment for `AT_TIMESTAMP`: RFC 3339, or seconds since 1970."),
            Field("record_limit", \.recordLimit, "Records asked for in one GetRecords, at most 10000."),
            Field("max_queue_size", \.maxQueueSize, "Records read ahead of the sinks, over all shards."),
            Field("max_shard_consumers", \.maxShardConsumers, otherwise: "all", "The most shards that this agent reads at once."),
            Field("sleep_time_no_records", \.sleepTimeNoRecords, "The pause of a shard's reader when nothing new is there."),
            Field("shard_fetch_rate", \.shardFetchRate, "GetRecords calls per second and shard at the tip of a shard, at most 5."),
            Field(
                "on_recreated", \.onRecreated,
                "What to do when the stream was deleted and created anew, so that the stored positions are not its own: `stop` with an "
                    + "error, or `start_over` from the new stream's beginning."),
            Field(
                "mode", \.mode,
                "How records come: `polling` by GetRecords, within limits that all readers of a shard share; `fan_out` by enhanced fan-out, "
                    + "pushed within milliseconds, 2 MiB a second and shard for this consumer alone, at AWS's extra price."),
            Field(
                "consumer", \.consumer,
                "The consumer's name for `fan_out`: registered where it is missing, kept at the end, shared by all agents of this "
                    + "pipeline and by nothing else."),
            Field(
                "on_fan_out_failure", \.onFanOutFailure,
                "Where enhanced fan-out cannot be used: `stop` with the reason, or `poll` after a warning with the reason."),
            Field("shards", \.shards, "Shards of the stream where it has to be created on the embedded stream."),
            Field("region", \.region, otherwise: "that of `aws`", "The AWS region."),
            Field("endpoint", \.endpoint, otherwise: "that of `aws`", "`embedded` for the embedded stream, or a URL."),
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            func at(_ key: String) -> YAMLNode { node[key] ?? node }
            StreamSetting.check(stream, at("stream"), in: &context)
            if !(1...10_000).contains(recordLimit) {
                context.error("out_of_range", "`record_limit` is 1 to 10000", at: at("record_limit"))
            }
            if maxQueueSize < 1 { context.error("out_of_range", "`max_queue_size` is at least 1", at: at("max_queue_size")) }
            if let count = maxShardConsumers, count < 1 {
                context.error("out_of_range", "`max_shard_consumers` is at least 1", at: at("max_shard_consumers"))
            }
            if !(shardFetchRate > 0 && shardFetchRate <= 5) {
                context.error(
                    "out_of_range", "`shard_fetch_rate` is more than 0 and at most 5", at: at("shard_fetch_rate"),
                    hint: "Kinesis allows five GetRecords calls per second and shard, to all readers together")
            }
            if !(1...10_000).contains(shards) { context.error("out_of_range", "`shards` is 1 to 10000", at: at("shards")) }
            validateMode(at, in: &context)
            if iteratorType == .atTimestamp, timestamp == nil {
                context.error(
                    "missing_key", "AT_TIMESTAMP needs `timestamp`", at: at("iterator_type"), hint: "timestamp: 2026-01-02T03:04:05Z")
            }
            if iteratorType == .latest, !context.keepsPositions {
                context.warning(
                    "latest_without_positions", "what arrives while the agent is stopped is skipped: `LATEST`, and no positions are kept",
                    at: at("iterator_type"), hint: "keep them with `checkpoints: {sqlite: {}}`, or begin at `TRIM_HORIZON`")
            }
            if iteratorType != .atTimestamp, timestamp != nil {
                context.error("conflicting_keys", "`timestamp` goes with `iterator_type: AT_TIMESTAMP`", at: at("timestamp"))
            }
        }

        private func validateMode(_ at: (String) -> YAMLNode, in context: inout DecodingContext) {
            switch (mode, consumer) {
            case (.fanOut, nil):
                context.error(
                    "missing_key", "`mode: fan_out` needs `consumer`", at: at("mode"), hint: "a name of your own: `consumer: orders-relay`")
            case (.fanOut, let name?):
                if StreamIdentifier(name).map({ $0.description == $0.name }) != true {
                    context.error(
                        "invalid_value", "this is no name of a consumer", at: at("consumer"), hint: "it has 1 to 128 of a-z A-Z 0-9 _ . -")
                }
            case (.polling, .some):
                context.error("conflicting_keys", "`consumer` goes with `mode: fan_out`", at: at("consumer"))
            case (.polling, nil): break
            }
        }
    }

    /// How records come.
    enum ReadMode: String, ConfigChoice {
        case polling
        case fanOut = "fan_out"
    }

    /// What follows where enhanced fan-out cannot be used.
    enum FanOutFailurePolicy: String, ConfigChoice {
        case stop
        case poll
    }

    /// The names of the Kinesis API.
    enum IteratorType: String, ConfigChoice {
        case trimHorizon = "TRIM_HORIZON"
        case latest = "LATEST"
        case atTimestamp = "AT_TIMESTAMP"
    }

    /// What to do about a stream that is not the one whose positions are stored.
    enum RecreatedStream: String, ConfigChoice {
        case stop
        case startOver = "start_over"
    }

    static let kind = "kinesis"
    static let summary = "Reads a Kinesis stream, sharing its shards with other agents of the same pipeline."

    private let consumer: Kinesis.Consumer

    static func make(_ config: Config, _ context: SourceContext) async throws -> KinesisSource {
        let stream = try StreamSetting.identifier(config.stream)
        let client = try await context.clients.client(region: config.region, endpoint: config.endpoint)
        if await context.clients.isEmbedded(config.endpoint) {
            try await context.clients.ensure(stream: stream, shards: config.shards, on: client)
        }
        var configuration = ConsumerConfiguration()
        configuration.recordLimit = config.recordLimit
        configuration.maxQueueSize = config.maxQueueSize
        configuration.maxShardConsumers = config.maxShardConsumers
        configuration.sleepTimeNoRecords = config.sleepTimeNoRecords
        configuration.shardFetchRate = config.shardFetchRate
        configuration.leases = context.leases
        configuration.onRecreated = config.onRecreated == .stop ? .stop : .startOver
        configuration.metricDimensions = [("pipeline", context.pipeline), ("node", context.node), ("stream", stream.name)]
        if let name = config.consumer {
            configuration.fanOut = try await fanOut(as: name, config.onFanOutFailure, of: stream, client, context.logger)
        }
        configuration.initialPosition =
            switch (config.iteratorType, config.timestamp) {
            case (.trimHorizon, _): .trimHorizon
            case (.latest, _): .latest
            case (.atTimestamp, let timestamp): .timestamp(timestamp?.milliseconds ?? 0)
            }
        let receiver = PageDecoder(source: context.node, stream: stream.name, processor: config.processor, receiver: context.receiver)
        return KinesisSource(
            consumer: Kinesis.Consumer(
                stream: stream, client: client, table: context.store.table(stream.name), worker: context.worker,
                configuration: configuration, receiver: receiver, logger: context.logger))
    }

    /// Nil where it cannot be had, and polling is to take its place.
    private static func fanOut(
        as name: String, _ policy: FanOutFailurePolicy, of stream: StreamIdentifier, _ client: KinesisClient, _ logger: Logger
    ) async throws -> FanOut? {
        do {
            let consumer = try await client.activeConsumer(stream, name: name)
            logger.info("reading by enhanced fan-out", metadata: ["consumer": "\(consumer.arn)"])
            return FanOut(consumer: consumer, fallsBackToPolling: policy == .poll)
        } catch {
            guard policy == .poll, !Task.isCancelled else { throw error }
            let reason = (error as? KinesisError)?.failure.description ?? "\(error)"
            logger.warning("enhanced fan-out cannot be used; reading by polling", metadata: ["consumer": "\(name)", "error": "\(reason)"])
            return nil
        }
    }

    var isIdle: Bool { consumer.isIdle }

    func run(_ context: SourceContext) async throws {
        try await consumer.run(
            draining: context.draining, settled: context.settled, onReadingEnded: context.readingEnded, onFailure: context.failed)
    }
}
