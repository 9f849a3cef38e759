public import Processors

/// A pipeline as its file means it: a pure value from which `run`, `explain` and `test` all work.
public struct Plan: Sendable {
    /// Names checkpoints, leases and metrics.
    public let name: String
    /// Where the name stands.
    public let mark: Mark
    /// Defaults of every Kinesis node; a node's own `region` and `endpoint` come first.
    public let aws: AWSDefaults
    /// Where positions and leases are kept.
    public let checkpoints: ComponentPlan
    /// The pipeline's own, by name; configurations hold what they name.
    public let processors: [String: ProcessorSpec]
    /// In the order of the file.
    public let sources: [SourcePlan]
    /// Each after everything that it reads.
    public let transforms: [TransformPlan]
    /// In the order of the file.
    public let sinks: [SinkPlan]
    /// The sink for what failed.
    public let deadLetter: ComponentPlan?
    /// What happens to a record that fails where no step says otherwise: the dead letter where one is declared, else stop.
    public let onError: ErrorAction
    /// In the order of the file.
    public let tests: [TestPlan]
}

/// A component that a pipeline file configures.
public struct ComponentPlan: Sendable {
    /// The type key: `kinesis`.
    public let kind: String
    /// Of the type that the kind declares.
    public let config: any ComponentConfig
    /// The options as written: what may be printed, for expanded values are not in it.
    public let node: YAMLNode
}

/// A source and who reads it.
public struct SourcePlan: Sendable {
    /// As `from:` writes it.
    public let name: String
    /// Where the name stands.
    public let mark: Mark
    /// What it is and how it is configured.
    public let component: ComponentPlan
    /// In the order of the plan, transforms first.
    public let consumers: [Consumer]
}

/// A chain of steps, what it reads and who reads it.
public struct TransformPlan: Sendable {
    /// As `from:` writes it.
    public let name: String
    /// Where the name stands.
    public let mark: Mark
    /// What it reads, in the order of `from:`.
    public let inputs: [NodeReference]
    /// In their order.
    public let steps: [StepPlan]
    /// Who reads the records that leave the last step; empty where it has routes.
    public let consumers: [Consumer]
    /// The routes of the last step, in its order, with who reads each.
    public let routes: [RoutePlan]
}

/// One named output of a transform.
public struct RoutePlan: Sendable {
    /// As `from:` writes it.
    public let name: String
    /// In the order of the plan, transforms first.
    public let consumers: [Consumer]
}

/// A step of a transform.
public struct StepPlan: Sendable {
    /// The key: `filter`.
    public let kind: String
    /// Of the type that the kind declares.
    public let config: any ConfigValue
    /// What happens to a record on which the step fails.
    public let onError: ErrorAction
    /// Where the key stands.
    public let mark: Mark
}

/// A sink and what it writes.
public struct SinkPlan: Sendable {
    /// As `from:` writes it.
    public let name: String
    /// Where the name stands.
    public let mark: Mark
    /// What it is and how it is configured.
    public let component: ComponentPlan
    /// What it reads, in the order of `from:`.
    public let inputs: [NodeReference]
}

/// A node that is read, or one of its routes: `orders`, `by_size.large`.
public struct NodeReference: Sendable, Hashable, CustomStringConvertible {
    /// The name of the node.
    public var node: String
    /// Nil for a node without routes.
    public var route: String?

    /// A node, or one of its routes.
    public init(_ node: String, route: String? = nil) {
        self.node = node
        self.route = route
    }

    /// As `from:` writes it.
    public var description: String { route.map { "\(node).\($0)" } ?? node }
}

/// A reader of a node, by its index in the plan.
public enum Consumer: Sendable, Hashable {
    case transform(Int)
    case sink(Int)
}

/// What happens to a record on which a step fails.
public enum ErrorAction: String, ConfigChoice {
    case deadLetter = "dead_letter"
    case drop
    case stop
    /// The record goes on as it was before the step.
    case keep
}
