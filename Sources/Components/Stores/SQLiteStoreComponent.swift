import Checkpoints
import Coordination
import Leasing
import Pipeline

/// Positions in a file of the state folder: the default.
enum SQLiteStoreComponent: StoreComponent {
    struct Config: ComponentConfig {
        var path: String?
        var sessionTimeout = LeaseTiming().sessionTimeout
        var heartbeatFrequency = LeaseTiming().heartbeatFrequency

        init() {}

        static let fields: [Field<Config>] = [
            Field("path", \.path, otherwise: "`checkpoints/PIPELINE.sqlite` in the state folder", "The database."),
            Field(
                "session_timeout", \.sessionTimeout,
                "How long the shards of an agent that hangs stay its own; those of a dead one are free at once."),
            Field("heartbeat_frequency", \.heartbeatFrequency, "How often an agent says that it is alive."),
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            LeaseOptions.validate(session: sessionTimeout, heartbeat: heartbeatFrequency, node, in: &context)
        }
    }

    static let kind = "sqlite"
    static let summary = "Keeps positions in a file, for agents on one machine."

    static func timing(_ config: Config) -> LeaseTiming {
        LeaseOptions.timing(session: config.sessionTimeout, heartbeat: config.heartbeatFrequency)
    }

    static func open(_ config: Config, _ context: StoreContext) async throws -> any CheckpointStore {
        let path = config.path ?? "\(context.stateFolder)/checkpoints/\(context.pipeline).sqlite"
        let store = try await SQLiteStore.open(SQLiteConfiguration(path: path))
        return ScopedStore(base: store, pipeline: context.pipeline)
    }
}
