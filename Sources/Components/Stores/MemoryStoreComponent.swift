import Checkpoints
public import Coordination
public import Leasing
public import Pipeline

/// Positions that last as long as the process.
public enum MemoryStoreComponent: StoreComponent {
    public struct Config: ComponentConfig {
        public init() {}
        public static let fields: [Field<Config>] = []
    }

    public static let kind = "memory"
    public static let summary = "Keeps positions as long as the process runs; every start begins anew."

    public static func timing(_ config: Config) -> LeaseTiming { LeaseTiming() }

    public static func open(_ config: Config, _ context: StoreContext) -> any CheckpointStore { MemoryStore() }
}
