import Checkpoints
import Coordination
import Leasing
import Pipeline

/// Positions in a file of the state folder: the default.
enum SQLiteStoreComponent: StoreComponent {
    struct Config: ComponentConfig, LeaseOptions {
        var path: String?
        var sessionTimeout = LeaseTiming().sessionTimeout
        var heartbeatFrequency = LeaseTiming().heartbeatFrequency
        var checkpointInterval = LeaseTiming().checkpointInterval

        init() {}

        static let fields: [Field<Config>] = [
            Field("path", \.path, otherwise: "`checkpoints/PIPELINE.sqlite` in the state folder", "The database."),
            Field(
                "session_timeout", \.sessionTimeout,
                "How long the shards of an agent that hangs stay its own; those of a dead one are free at once."),
            Field("heartbeat_frequency", \.heartbeatFrequency, "How often an agent says that it is alive."),
            Field(
                "checkpoint_interval", \.checkpointInterval,
                "How often positions that moved are stored: a crash repeats at most what came since."),
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            leases.validate(node, in: &context)
        }
    }

    static let kind = "sqlite"
    static let summary = "Keeps positions in a file, for agents on one machine."

    static func timing(_ config: Config) -> LeaseTiming { config.leases }

    static func open(_ config: Config, _ context: StoreContext) async throws -> any CheckpointStore {
        let path = config.path ?? "\(context.stateFolder)/checkpoints/\(context.pipeline).sqlite"
        let store = try await SQLiteStore.open(SQLiteConfiguration(path: path))
        return ScopedStore(base: store, pipeline: context.pipeline)
    }
}
