import Checkpoints
import Coordination
import Leasing
import Pipeline

/// Positions and leases in Redis: for agents on several machines.
enum RedisStoreComponent: StoreComponent {
    struct Config: ComponentConfig {
        var url = "redis://127.0.0.1:6379/0"
        var name: String?
        var sessionTimeout = LeaseTiming().sessionTimeout
        var heartbeatFrequency = LeaseTiming().heartbeatFrequency
        var caFile: String?

        init() {}

        static let fields: [Field<Config>] = [
            Field("url", \.url, "`redis://user:password@host:port/db`, or `rediss://` for TLS."),
            Field("name", \.name, otherwise: "the pipeline's name", "The group that shares shards."),
            Field("session_timeout", \.sessionTimeout, "How long the shards of an agent that is gone stay its own."),
            Field("heartbeat_frequency", \.heartbeatFrequency, "How often an agent says that it is alive."),
            Field("ca_file", \.caFile, otherwise: "the system's", "Certificates to trust, for `rediss://`."),
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if !url.hasPrefix("redis://"), !url.hasPrefix("rediss://") {
                context.error(
                    "invalid_value", "`url` begins with redis:// or rediss://", at: node["url"] ?? node, hint: "redis://127.0.0.1:6379/0")
            }
            LeaseOptions.validate(session: sessionTimeout, heartbeat: heartbeatFrequency, node, in: &context)
        }
    }

    static let kind = "redis"
    static let summary = "Shares positions and leases between agents on many machines."
    static let isRemote = true

    static func timing(_ config: Config) -> LeaseTiming {
        LeaseOptions.timing(session: config.sessionTimeout, heartbeat: config.heartbeatFrequency)
    }

    static func open(_ config: Config, _ context: StoreContext) async throws -> any CheckpointStore {
        let configuration = RedisConfiguration(url: config.url, group: config.name ?? context.pipeline, caFile: config.caFile)
        return try await RedisStore.open(configuration, logger: context.logger)
    }
}
