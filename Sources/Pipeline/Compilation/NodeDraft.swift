/// A node as read from its section, before the graph is known. What could not be decoded is nil; the graph is checked all the same.
struct NodeDraft {
    var name: YAMLKey
    var from: FromClause = .omitted
    /// Of sources and sinks.
    var component: ComponentDraft?
    /// Of transforms.
    var steps: [StepPlan] = []
    /// Outputs of a transform's last step; nil where they are not known.
    var routes: [String]? = []
}

/// What a node says about its inputs.
enum FromClause {
    case omitted
    case nodes([Input])
    /// It is there and could not be read.
    case unreadable

    struct Input {
        var text: String
        var node: YAMLNode
    }
}

/// A component with its declaration; `config` is nil where the options were wrong.
struct ComponentDraft {
    var declaration: ComponentDeclaration
    var config: (any ComponentConfig)?
    var node: YAMLNode

    var plan: ComponentPlan? {
        config.map { ComponentPlan(kind: declaration.kind, config: $0, node: node) }
    }
}
