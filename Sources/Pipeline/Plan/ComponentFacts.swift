public import Records

/// What a component says of itself beyond its options: for `explain`, the policy it needs, and checks that use the network.
public struct ComponentFacts: Sendable {
    /// What it reads, writes or keeps, in a few words: "stream orders".
    public var subject: String
    /// What bounds its speed, a clause each: "1000 records and 1 MiB a second into each shard".
    public var ceilings: [String] = []
    /// The most that waits in it: records between their arrival and their acknowledgement, as encoded. Zero where nothing waits.
    public var memory = ByteSize(bytes: 0)
    /// Where it keeps less than pipelines promise of delivery, a sentence each.
    public var caveats: [String] = []
    /// Where it may change the order of one key's records, a sentence each.
    public var reordering: [String] = []
    /// What it keeps outside of the process: keys, files.
    public var state: [String] = []
    /// Where it is a node of a stream.
    public var stream: StreamUse?

    /// Nothing but its name is known.
    public init(_ subject: String) {
        self.subject = subject
    }
}

/// How a component uses a Kinesis stream.
public struct StreamUse: Sendable, Hashable {
    /// The stream's name, or its ARN.
    public var stream: String
    /// Of the node; nil where that of `aws` holds.
    public var region: String?
    /// Of the node; nil where that of `aws` holds.
    public var endpoint: EndpointSetting?
    /// The actions of the Kinesis API that are called on the stream: `GetRecords`.
    public var actions: [String]
    /// The actions that are called on the stream's registered consumers: `SubscribeToShard`.
    public var consumerActions: [String] = []
    /// It is created where it is missing.
    public var isCreated = false

    /// `actions` in the order of the API's documentation.
    public init(_ stream: String, region: String?, endpoint: EndpointSetting?, actions: [String]) {
        self.stream = stream
        self.region = region
        self.endpoint = endpoint
        self.actions = actions
    }
}

/// A configuration that can say more of its component than its options do.
public protocol ExplainedConfig: ComponentConfig {
    /// What is true of the component with these options, as it is built today.
    func facts(_ scope: FactScope) -> ComponentFacts
}

/// What a component's facts are told about.
public struct FactScope: Sendable {
    /// The pipeline's name.
    public let pipeline: String
    private let node: YAMLNode

    init(pipeline: String, node: YAMLNode) {
        self.pipeline = pipeline
        self.node = node
    }

    /// An option for people: as written where something was expanded in it, for that may be a secret.
    public func text(_ key: String, _ value: String) -> String {
        guard let element = node[key] else { return value }
        let scalars = (element.sequence ?? [element]).compactMap { $0.scalar?.text }
        return scalars.contains { Interpolation.isNeeded(by: $0) } ? scalars.joined(separator: " ") : value
    }
}

extension ComponentPlan {
    /// What the component says of itself; its kind where it says nothing.
    public func facts(pipeline: String) -> ComponentFacts {
        (config as? any ExplainedConfig)?.facts(FactScope(pipeline: pipeline, node: node)) ?? ComponentFacts(kind)
    }
}
