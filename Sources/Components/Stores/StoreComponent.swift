public import Coordination
public import Leasing
public import Logging
public import Pipeline
import Records

/// A kind of checkpoint store: what a pipeline file may say of it, and how it is opened.
public protocol StoreComponent: Sendable {
    associatedtype Config: ComponentConfig
    /// Its type key in a pipeline file.
    static var kind: String { get }
    /// One sentence.
    static var summary: String { get }
    /// What it keeps outlives the process.
    static var keepsPositions: Bool { get }
    /// It is reached over the network.
    static var isRemote: Bool { get }
    /// The rhythm of leases in this store.
    static func timing(_ config: Config) -> LeaseTiming
    /// Throws a `Failure` when the store cannot be reached.
    static func open(_ config: Config, _ context: StoreContext) async throws -> any CheckpointStore
}

extension StoreComponent {
    /// As a store should.
    public static var keepsPositions: Bool { true }
    /// As most stores are.
    public static var isRemote: Bool { false }
}

/// What a store is given by the agent that opens it.
public struct StoreContext: Sendable {
    /// Positions go by this name.
    public var pipeline: String
    /// The state folder; it exists.
    public var stateFolder: String
    /// Names the pipeline.
    public var logger: Logger

    /// Everything is said.
    public init(pipeline: String, stateFolder: String, logger: Logger) {
        self.pipeline = pipeline
        self.stateFolder = stateFolder
        self.logger = logger
    }
}

/// All kinds of checkpoint stores; the first is the default. A new one is listed here and nowhere else.
public enum Stores {
    /// In the order in which they are listed to people.
    public static let all: [any StoreComponent.Type] = [
        SQLiteStoreComponent.self,
        RedisStoreComponent.self,
        MemoryStoreComponent.self,
    ]
}

/// The options that say how leases are kept.
protocol LeaseOptions {
    var sessionTimeout: Duration { get }
    var heartbeatFrequency: Duration { get }
    var checkpointInterval: Duration { get }
}

extension LeaseOptions {
    var leases: LeaseTiming {
        var timing = LeaseTiming()
        timing.sessionTimeout = sessionTimeout
        timing.heartbeatFrequency = heartbeatFrequency
        timing.checkpointInterval = checkpointInterval
        return timing
    }
}

extension LeaseTiming {
    /// A heartbeat that comes too late for the session is a mistake of the file, not of the night in which it shows.
    func validate(_ node: YAMLNode, in context: inout DecodingContext) {
        if sessionTimeout < .seconds(1) {
            context.error("out_of_range", "`session_timeout` is at least 1s", at: node["session_timeout"] ?? node)
        } else if heartbeatFrequency <= .zero || heartbeatFrequency * 2 > sessionTimeout {
            context.error(
                "out_of_range", "`heartbeat_frequency` is at most half of `session_timeout` (\(sessionTimeout.text))",
                at: node["heartbeat_frequency"] ?? node["session_timeout"] ?? node, hint: "a quarter leaves room for a slow store")
        }
        if checkpointInterval < Self.shortestCheckpointInterval {
            context.error(
                "out_of_range", "`checkpoint_interval` is at least \(Self.shortestCheckpointInterval.text)",
                at: node["checkpoint_interval"] ?? node)
        }
    }

    /// Every store takes a write of all its positions so often.
    private static let shortestCheckpointInterval = Duration.milliseconds(10)
}
