/// A kind of source, sink or checkpoint store: its type key, what it does, and how its options are decoded.
public struct ComponentDeclaration: Sendable {
    /// The type key in a pipeline file: `kinesis`.
    public let kind: String
    /// One sentence for docs.
    public let summary: String
    /// Its options with their defaults.
    public let fields: [FieldDescription]
    /// The configuration without any option.
    public let makeDefault: @Sendable () -> any ComponentConfig
    let decode: @Sendable (YAMLNode, inout DecodingContext) -> (any ComponentConfig)?
    let exclusive: @Sendable (any ComponentConfig) -> String?
    /// Of a checkpoint store: what it keeps outlives the process.
    let keepsPositions: Bool

    /// `exclusive` names what no two sources of one pipeline may share, such as the stream that a Kinesis source reads.
    public init<Config: ComponentConfig>(
        _ kind: String, _ config: Config.Type, _ summary: String, keepsPositions: Bool = true,
        exclusive: @escaping @Sendable (Config) -> String? = { _ in nil }
    ) {
        self.keepsPositions = keepsPositions
        self.kind = kind
        self.summary = summary
        fields = Config.fieldDescriptions
        makeDefault = { Config() }
        decode = { node, context in Config.decode(node, in: &context) }
        self.exclusive = { ($0 as? Config).flatMap(exclusive) }
    }
}

/// A kind of step of a transform: its key, what it does, and how what stands under the key is decoded.
public struct StepDeclaration: Sendable {
    /// The key in a pipeline file: `filter`.
    public let kind: String
    /// One sentence for docs.
    public let summary: String
    /// The step as a pipeline file writes it, for docs: `filter: record.status == "paid"`.
    public let example: String
    /// What stands under the key.
    public let expectation: String
    /// The shape in terms of JSON.
    public let shape: ConfigShape
    let decode: @Sendable (YAMLNode, inout DecodingContext) -> (any ConfigValue)?
    let routes: @Sendable (any ConfigValue) -> [String]

    /// `routes` names the outputs of a step that splits its records; a step that declares any has to be the last of its transform.
    public init<Config: ConfigValue>(
        _ kind: String, _ config: Config.Type, _ summary: String, example: String = "",
        routes: @escaping @Sendable (Config) -> [String] = { _ in [] }
    ) {
        self.kind = kind
        self.summary = summary
        self.example = example
        expectation = Config.expectation
        shape = Config.shape
        decode = { node, context in Config.decode(node, in: &context) }
        self.routes = { ($0 as? Config).map(routes) ?? [] }
    }

    /// The options of a step that takes a mapping; empty for one that takes a single value.
    public var fields: [FieldDescription] { shape.fields }
}
