public import Records

/// What a pipeline will do and what it promises, for people and programs: a pure value, from the plan alone.
public struct Explanation: Sendable {
    /// A promise with its reasons.
    public struct Promise: Sendable {
        /// "at least once"
        public var word: String
        /// Why, and what is excepted: a sentence each.
        public var reasons: [String]
    }

    /// A source, transform or sink.
    public struct Node: Sendable {
        /// What stands in the pipeline's section.
        public enum Role: String, Sendable {
            case source, transform, sink
            case deadLetter = "dead_letter"
        }

        /// Which section.
        public var role: Role
        /// As `from:` writes it.
        public var name: String
        /// The kind of component; of a transform its steps: "filter, set".
        public var kind: String
        /// "stream orders"
        public var subject: String
        /// What the component says of itself.
        public var facts: ComponentFacts
    }

    /// From a node, or a route of it, to a reader.
    public struct Edge: Sendable {
        /// The name of the node that is read.
        public var from: String
        /// Of a transform with routes.
        public var route: String?
        /// The name of the reader.
        public var to: String
    }

    /// Its name.
    public let pipeline: String
    /// Sources, transforms in the order in which records meet them, sinks, the dead letter.
    public let nodes: [Node]
    /// Who reads whom.
    public let edges: [Edge]
    /// What becomes of each record.
    public let delivery: Promise
    /// What becomes of the order of records.
    public let order: Promise
    /// Of each source, why its records are decoded, or that they are not.
    public let decoding: [(source: String, reason: String)]
    /// Where positions and leases are kept.
    public let store: ComponentFacts
    /// The most that waits in all queues together.
    public let memory: ByteSize

    /// What the plan says, and what its components say of themselves.
    public init(_ plan: Plan) {
        pipeline = plan.name
        nodes = Self.nodes(of: plan)
        edges = Self.edges(of: plan)
        store = plan.checkpoints.facts(pipeline: plan.name)
        decoding = plan.sources.map { source -> (source: String, reason: String) in
            switch plan.passThrough(of: source) {
            case .undecoded: (source: source.name, reason: "records are passed on as they were read, undecoded")
            case .decoded(let reason): (source: source.name, reason: "records are decoded, since \(reason)")
            }
        }
        delivery = Self.delivery(plan, nodes, store)
        order = Self.order(nodes)
        memory = ByteSize(bytes: nodes.reduce(0) { $0 + $1.facts.memory.bytes })
    }

    private static func nodes(of plan: Plan) -> [Node] {
        func component(_ role: Node.Role, _ name: String, _ component: ComponentPlan) -> Node {
            let facts = component.facts(pipeline: plan.name)
            return Node(role: role, name: name, kind: component.kind, subject: facts.subject, facts: facts)
        }
        return plan.sources.map { component(.source, $0.name, $0.component) }
            + plan.transforms.map { transform in
                let steps = transform.steps.map(\.kind).joined(separator: ", ")
                return Node(
                    role: .transform, name: transform.name, kind: steps.isEmpty ? "nothing" : steps, subject: steps,
                    facts: ComponentFacts(steps))
            }
            + plan.sinks.map { component(.sink, $0.name, $0.component) }
            + (plan.deadLetter.map { [component(.deadLetter, "dead_letter", $0)] } ?? [])
    }

    private static func edges(of plan: Plan) -> [Edge] {
        func edges(_ from: String, _ route: String? = nil, _ consumers: [Consumer]) -> [Edge] {
            consumers.map { consumer in
                switch consumer {
                case .transform(let index): Edge(from: from, route: route, to: plan.transforms[index].name)
                case .sink(let index): Edge(from: from, route: route, to: plan.sinks[index].name)
                }
            }
        }
        return plan.sources.flatMap { edges($0.name, nil, $0.consumers) }
            + plan.transforms.flatMap { transform in
                edges(transform.name, nil, transform.consumers)
                    + transform.routes.flatMap { edges(transform.name, $0.name, $0.consumers) }
            }
    }

    private static func delivery(_ plan: Plan, _ nodes: [Node], _ store: ComponentFacts) -> Promise {
        var reasons = [
            "A position is stored once every sink has acknowledged all records up to it: a crash repeats records, and loses none."
        ]
        reasons.append(
            plan.deadLetter == nil
                ? "A record that cannot be processed stops the pipeline, with the position right before it (there is no dead letter)."
                : "A record that cannot be processed goes to the dead letter, whose acknowledgement counts like a sink's.")
        let dropping = plan.transforms.filter { $0.steps.contains { $0.onError == .drop } }.map { "`\($0.name)`" }
        if !dropping.isEmpty {
            reasons.append("Steps of \(dropping.joined(separator: ", ")) drop what they fail on (`on_error: drop`).")
        }
        reasons += nodes.flatMap { node in
            node.facts.caveats.map { "\(node.name): \($0)" }
        }
        reasons += store.caveats
        return Promise(word: "at least once", reasons: reasons)
    }

    private static func order(_ nodes: [Node]) -> Promise {
        let exceptions = nodes.flatMap { node in node.facts.reordering.map { "\(node.name): \($0)" } }
        return Promise(
            word: exceptions.isEmpty ? "kept per partition key" : "not kept everywhere",
            reasons: exceptions.isEmpty
                ? ["Each shard and file is read in order, and what has to wait holds back the later records of its key."] : exceptions)
    }
}
