import Checkpoints
public import Coordination
public import Leasing
public import Pipeline

/// Positions and leases in Redis: for agents on several machines.
public enum RedisStoreComponent: StoreComponent {
    public struct Config: ComponentConfig {
        public var url = "redis://127.0.0.1:6379/0"
        public var name: String?
        public var sessionTimeout = LeaseTiming().sessionTimeout
        public var heartbeatFrequency = LeaseTiming().heartbeatFrequency
        public var caFile: String?

        public init() {}

        public static let fields: [Field<Config>] = [
            Field("url", \.url, "redis://user:password@host:port/db, or rediss:// for TLS."),
            Field("name", \.name, "The group that shares shards; by default the pipeline's name."),
            Field("session_timeout", \.sessionTimeout, "How long the shards of an agent that is gone stay its own."),
            Field("heartbeat_frequency", \.heartbeatFrequency, "How often an agent says that it is alive."),
            Field("ca_file", \.caFile, "Certificates to trust in the stead of the system's, for rediss://."),
        ]

        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if !url.hasPrefix("redis://"), !url.hasPrefix("rediss://") {
                context.error(
                    "invalid_value", "`url` begins with redis:// or rediss://", at: node["url"] ?? node, hint: "redis://127.0.0.1:6379/0")
            }
            LeaseOptions.validate(session: sessionTimeout, heartbeat: heartbeatFrequency, node, in: &context)
        }
    }

    public static let kind = "redis"
    public static let summary = "Shares positions and leases between agents on many machines."

    public static func timing(_ config: Config) -> LeaseTiming {
        LeaseOptions.timing(session: config.sessionTimeout, heartbeat: config.heartbeatFrequency)
    }

    public static func open(_ config: Config, _ context: StoreContext) async throws -> any CheckpointStore {
        let configuration = RedisConfiguration(url: config.url, group: config.name ?? context.pipeline, caFile: config.caFile)
        return try await RedisStore.open(configuration, logger: context.logger)
    }
}
