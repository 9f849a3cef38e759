/// The nodes of a pipeline with their edges resolved; nil where they do not make a graph that can run.
struct Graph {
    var sources: [SourcePlan] = []
    var transforms: [TransformPlan] = []
    var sinks: [SinkPlan] = []

    /// Resolves every `from`, orders the transforms and reports what nobody reads. `isComplete` says that every node's `from` was readable.
    init?(sources: [NodeDraft], transforms: [NodeDraft], sinks: [NodeDraft], isComplete: Bool, in context: inout DecodingContext) {
        var resolver = InputResolver(sources: sources, transforms: transforms, sinks: sinks)
        resolver.reportRepeatedNames(in: &context)
        let transformInputs = transforms.indices.map { resolver.inputs(ofTransform: $0, in: &context) }
        let sinkInputs = sinks.indices.map { resolver.inputs(ofSink: $0, in: &context) }
        guard let order = TopologicalOrder.of(transforms, inputs: transformInputs, in: &context) else { return nil }
        let consumers = Self.consumers(order.map { transformInputs[$0] }, sinkInputs)
        if isComplete, resolver.isComplete { Self.reportUnread(sources, transforms, consumers, in: &context) }

        for source in sources {
            guard let component = source.component?.plan else { return nil }
            self.sources.append(
                SourcePlan(
                    name: source.name.text, mark: source.name.mark, component: component,
                    consumers: consumers[NodeReference(source.name.text)] ?? []))
        }
        for index in order {
            let transform = transforms[index]
            let name = transform.name.text
            self.transforms.append(
                TransformPlan(
                    name: name, mark: transform.name.mark, inputs: transformInputs[index], steps: transform.steps,
                    consumers: consumers[NodeReference(name)] ?? [],
                    routes: (transform.routes ?? []).map {
                        RoutePlan(name: $0, consumers: consumers[NodeReference(name, route: $0)] ?? [])
                    }))
        }
        for (sink, inputs) in zip(sinks, sinkInputs) {
            guard let component = sink.component?.plan else { return nil }
            self.sinks.append(SinkPlan(name: sink.name.text, mark: sink.name.mark, component: component, inputs: inputs))
        }
    }

    private static func consumers(_ transforms: [[NodeReference]], _ sinks: [[NodeReference]]) -> [NodeReference: [Consumer]] {
        var consumers: [NodeReference: [Consumer]] = [:]
        for (index, inputs) in transforms.enumerated() {
            for input in inputs { consumers[input, default: []].append(.transform(index)) }
        }
        for (index, inputs) in sinks.enumerated() {
            for input in inputs { consumers[input, default: []].append(.sink(index)) }
        }
        return consumers
    }

    private static func reportUnread(
        _ sources: [NodeDraft], _ transforms: [NodeDraft], _ consumers: [NodeReference: [Consumer]], in context: inout DecodingContext
    ) {
        for node in sources + transforms {
            // Of a node whose routes could not be read, nobody can say what is unread.
            guard let routes = node.routes else { continue }
            let outputs = routes.isEmpty ? [NodeReference(node.name.text)] : routes.map { NodeReference(node.name.text, route: $0) }
            for output in outputs where consumers[output] == nil {
                context.report(
                    Diagnostic(
                        output.route == nil ? "unread_node" : "unread_route", "nothing reads `\(output)`", at: node.name.mark.location,
                        severity: .warning, hint: "its records are counted as done and go nowhere; name it in the `from` of a node"))
            }
        }
    }
}
