import Checkpoints
import Coordination
import FoundationEssentials
import Leasing
import Pipeline

/// Positions and leases in Redis: for agents on several machines.
enum RedisStoreComponent: StoreComponent {
    struct Config: ComponentConfig, LeaseOptions {
        var url = RedisURLs()
        var cluster = false
        var name: String?
        var layout = Layout.fenced
        var sessionTimeout = LeaseTiming().sessionTimeout
        var heartbeatFrequency = LeaseTiming().heartbeatFrequency
        var checkpointInterval = LeaseTiming().checkpointInterval
        var caFile: String?
        var certFile: String?
        var keyFile: String?

        init() {}

        static let fields: [Field<Config>] = [
            Field(
                "url", \.url, otherwise: "`REDIS_HOST` and its like, else `redis://127.0.0.1:6379/0`",
                """
                `redis://user:password@host:port/db`, or `rediss://` for TLS; a list names nodes of a cluster, or a primary and those that \
                may take its place.
                """),
            Field("cluster", \.cluster, "The servers are a Redis Cluster; its other nodes are found by themselves."),
            Field("name", \.name, otherwise: "the pipeline's name", "The group that shares shards."),
            Field(
                "layout", \.layout,
                "`async-kinesis` shares shards and positions with its Python consumers of the same name; all need the same `session_timeout`."
            ),
            Field("session_timeout", \.sessionTimeout, "How long the shards of an agent that is gone stay its own."),
            Field("heartbeat_frequency", \.heartbeatFrequency, "How often an agent says that it is alive."),
            Field(
                "checkpoint_interval", \.checkpointInterval,
                "How often positions that moved are stored: a crash repeats at most what came since."),
            Field("ca_file", \.caFile, otherwise: "the system's", "Certificates to trust, for `rediss://`."),
            Field("cert_file", \.certFile, otherwise: "none", "The client certificate, in PEM, for servers that ask for one."),
            Field("key_file", \.keyFile, otherwise: "none", "The private key of `cert_file`, in PEM."),
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if let urls = node["url"] { url.check(urls, isCluster: cluster, in: &context) }
            for (key, value) in [("ca_file", caFile), ("cert_file", certFile), ("key_file", keyFile)] where value != nil && !url.usesTLS {
                context.error(
                    "conflicting_keys", "`\(key)` is for TLS, and `url` is not rediss://", at: node[key] ?? node,
                    hint: "url: rediss://host:port")
            }
            if (certFile == nil) != (keyFile == nil) {
                let (given, missing) = certFile == nil ? ("key_file", "cert_file") : ("cert_file", "key_file")
                context.error("missing_key", "`\(given)` needs `\(missing)`", at: node[given] ?? node)
            }
            if layout == .asyncKinesis, let name, name.contains(where: { $0 == "{" || $0 == "}" }) {
                context.error("invalid_value", "a `name` with braces cannot have `layout: async-kinesis`", at: node["name"] ?? node)
            }
            leases.validate(node, in: &context)
        }
    }

    /// How rows lie in Redis.
    enum Layout: String, ConfigChoice {
        case fenced
        case asyncKinesis = "async-kinesis"
    }

    static let kind = "redis"
    static let summary = "Shares positions and leases between agents on many machines."
    static let isRemote = true

    static func timing(_ config: Config) -> LeaseTiming { config.leases }

    static func open(_ config: Config, _ context: StoreContext) async throws -> any CheckpointStore {
        try await RedisStore.open(configuration(config, pipeline: context.pipeline), logger: context.logger)
    }

    static func configuration(_ config: Config, pipeline: String) -> RedisConfiguration {
        let environment = ProcessInfo.processInfo.environment
        let urls = config.url.urls.isEmpty ? [RedisConfiguration.url(from: environment, isCluster: config.cluster)] : config.url.urls
        var configuration = RedisConfiguration(urls: urls, group: config.name ?? pipeline)
        configuration.isCluster = config.cluster
        configuration.layout =
            switch config.layout {
            case .fenced: .fenced
            case .asyncKinesis: .asyncKinesis(sessionTimeout: config.leases.sessionTimeout)
            }
        configuration.caFile = config.caFile
        configuration.certFile = config.certFile
        configuration.keyFile = config.keyFile
        return configuration
    }
}
