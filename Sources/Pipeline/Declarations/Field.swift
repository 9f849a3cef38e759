/// One option of a component: its name in a pipeline file and where its value goes. The default is the property's initial value.
///
///     Field("url", \.url, required: true, "redis://host:port/db")
public struct Field<Config>: Sendable {
    /// The key in a pipeline file.
    public let name: String
    /// A required option has to be there; its default only fills the property.
    public let isRequired: Bool
    /// One sentence for docs.
    public let summary: String
    /// What is accepted: "a duration such as 500ms".
    public let expectation: String
    /// What holds where the option is left out, in words; nil where the value of the default says it.
    public let otherwise: String?
    let shape: @Sendable () -> ConfigShape
    /// The option's value in a configuration, as a pipeline file writes it.
    let text: @Sendable (Config) -> String?
    /// Decodes the option; a node that does not fit is reported and leaves the default.
    let assign: @Sendable (YAMLNode, inout Config, inout DecodingContext) -> Void

    /// An option that is kept in the property at `path`. `otherwise` tells docs what holds without it, where that is no value:
    /// "the pipeline's name".
    public init<V: ConfigValue>(
        _ name: String, _ path: any WritableKeyPath<Config, V> & Sendable, required: Bool = false, otherwise: String? = nil,
        _ summary: String
    ) {
        self.name = name
        isRequired = required
        self.otherwise = otherwise
        self.summary = summary
        expectation = V.expectation
        // Evaluated when asked for: a configuration may contain itself.
        shape = { V.shape }
        text = { $0[keyPath: path].configText }
        assign = { node, config, context in
            if let value = V.decode(node, in: &context) { config[keyPath: path] = value }
        }
    }
}
