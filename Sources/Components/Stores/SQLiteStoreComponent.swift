import Checkpoints
public import Coordination
public import Leasing
public import Pipeline

/// Positions in a file of the state folder: the default.
public enum SQLiteStoreComponent: StoreComponent {
    public struct Config: ComponentConfig {
        public var path: String?
        public var sessionTimeout = LeaseTiming().sessionTimeout
        public var heartbeatFrequency = LeaseTiming().heartbeatFrequency

        public init() {}

        public static let fields: [Field<Config>] = [
            Field("path", \.path, "The database; by default a file of the pipeline's name in the state folder."),
            Field(
                "session_timeout", \.sessionTimeout,
                "How long the shards of an agent that hangs stay its own; those of a dead one are free."),
            Field("heartbeat_frequency", \.heartbeatFrequency, "How often an agent says that it is alive."),
        ]

        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            LeaseOptions.validate(session: sessionTimeout, heartbeat: heartbeatFrequency, node, in: &context)
        }
    }

    public static let kind = "sqlite"
    public static let summary = "Keeps positions in a file, for agents on one machine."

    public static func timing(_ config: Config) -> LeaseTiming {
        LeaseOptions.timing(session: config.sessionTimeout, heartbeat: config.heartbeatFrequency)
    }

    public static func open(_ config: Config, _ context: StoreContext) async throws -> any CheckpointStore {
        let path = config.path ?? "\(context.stateFolder)/checkpoints/\(context.pipeline).sqlite"
        let store = try await SQLiteStore.open(SQLiteConfiguration(path: path))
        return ScopedStore(base: store, pipeline: context.pipeline)
    }
}
