import Checkpoints
import Coordination
import Leasing
import Pipeline

/// Positions that last as long as the process.
enum MemoryStoreComponent: StoreComponent {
    struct Config: ComponentConfig {
        init() {}
        static let fields: [Field<Config>] = []
    }

    static let kind = "memory"
    static let summary = "Keeps positions as long as the process runs; every start begins anew."
    static let keepsPositions = false

    static func timing(_ config: Config) -> LeaseTiming { LeaseTiming() }

    static func open(_ config: Config, _ context: StoreContext) -> any CheckpointStore { MemoryStore() }
}
