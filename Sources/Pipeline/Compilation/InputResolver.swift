/// Finds the nodes that each `from` names, or that it means where it is left out.
struct InputResolver {
    private let sources: [NodeDraft]
    private let transforms: [NodeDraft]
    private let sinks: [NodeDraft]
    /// What can be read, by name.
    private let readable: [String: NodeDraft]
    private let sinkNames: Set<String>
    /// False once an input could not be resolved.
    private(set) var isComplete = true

    init(sources: [NodeDraft], transforms: [NodeDraft], sinks: [NodeDraft]) {
        self.sources = sources
        self.transforms = transforms
        self.sinks = sinks
        readable = Dictionary((sources + transforms).map { ($0.name.text, $0) }) { first, _ in first }
        sinkNames = Set(sinks.map(\.name.text))
    }

    /// One name must not stand for two nodes of different sections; within a section YAML sees to it.
    func reportRepeatedNames(in context: inout DecodingContext) {
        var first: [String: YAMLKey] = [:]
        for name in (sources + transforms + sinks).map(\.name) {
            guard let earlier = first[name.text] else {
                first[name.text] = name
                continue
            }
            context.report(
                Diagnostic(
                    "duplicate_name", "another node is named `\(name.text)`", at: name.mark.location,
                    related: [RelatedPlace("first here", at: earlier.mark.location)]))
        }
    }

    /// A transform without `from` reads the one above it, or the only source.
    mutating func inputs(ofTransform index: Int, in context: inout DecodingContext) -> [NodeReference] {
        inputs(of: transforms[index], default: index > 0 ? [transforms[index - 1]] : sources, in: &context)
    }

    /// A sink without `from` reads the last transform, or the only source.
    mutating func inputs(ofSink index: Int, in context: inout DecodingContext) -> [NodeReference] {
        inputs(of: sinks[index], default: transforms.last.map { [$0] } ?? sources, in: &context)
    }

    private mutating func inputs(of node: NodeDraft, default meant: [NodeDraft], in context: inout DecodingContext) -> [NodeReference] {
        switch node.from {
        case .unreadable:
            isComplete = false
            return []
        case .omitted:
            let choices = meant.flatMap(Self.outputs)
            if choices.count > 1 {
                isComplete = false
                context.report(
                    Diagnostic(
                        "ambiguous_from", "`\(node.name.text)` does not say what it reads", at: node.name.mark.location,
                        hint: "add `from:` with \(Suggestion.alternatives(choices.map(\.description)))"))
                return []
            }
            return choices
        case .nodes(let inputs):
            var seen: Set<NodeReference> = []
            return inputs.compactMap { input in
                guard let reference = resolve(input, of: node, in: &context) else {
                    isComplete = false
                    return nil
                }
                guard seen.insert(reference).inserted else {
                    context.error("duplicate_input", "`\(reference)` is listed twice", at: input.node)
                    return nil
                }
                return reference
            }
        }
    }

    private func resolve(_ input: FromClause.Input, of reader: NodeDraft, in context: inout DecodingContext) -> NodeReference? {
        let parts = input.text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (name, route) = (parts[0], parts.count > 1 ? parts[1] : nil)
        guard let node = readable[name] else {
            if sinkNames.contains(name) {
                report(
                    "unknown_node", "`\(name)` is a sink, and nothing comes out of a sink", input, hint: choices(for: reader),
                    declared: sinks.first { $0.name.text == name }, in: &context)
            } else {
                context.error(
                    "unknown_node", "there is no node \(context.quoted(input.node, part: name))", at: input.node,
                    hint: hint(for: input, reader))
            }
            return nil
        }
        // Routes that could not be read may well contain this one.
        guard let routes = node.routes else { return NodeReference(name, route: route) }
        guard let route else {
            guard routes.isEmpty else {
                report(
                    "ambiguous_from", "`\(name)` splits its records, and this does not say which to read", input,
                    hint: "write \(Suggestion.alternatives(routes.map { "\(name).\($0)" }))", declared: node, in: &context)
                return nil
            }
            return NodeReference(name)
        }
        guard routes.contains(route) else {
            report(
                "unknown_route",
                routes.isEmpty ? "`\(name)` has no routes" : "`\(name)` has no route \(context.quoted(input.node, part: route))", input,
                hint: routes.isEmpty ? "write `\(name)`" : Suggestion.hint(for: "\(name).\(route)", among: routes.map { "\(name).\($0)" }),
                declared: node, in: &context)
            return nil
        }
        return NodeReference(name, route: route)
    }

    private func report(
        _ code: String, _ message: String, _ input: FromClause.Input, hint: String?, declared node: NodeDraft?,
        in context: inout DecodingContext
    ) {
        let related = node.map { [RelatedPlace("`\($0.name.text)` is declared here", at: $0.name.mark.location)] } ?? []
        context.report(Diagnostic(code, message, at: input.node.mark.location, hint: hint, related: related))
    }

    private func hint(for input: FromClause.Input, _ reader: NodeDraft) -> String? {
        Suggestion.hint(for: input.text, among: outputs(besides: reader))
    }

    private func choices(for reader: NodeDraft) -> String? { Suggestion.list(outputs(besides: reader)) }

    /// Everything that a node could read, as far as a hint goes into it.
    private func outputs(besides reader: NodeDraft) -> [String] {
        (sources.prefix(Suggestion.comparedAtMost) + transforms.prefix(Suggestion.comparedAtMost))
            .filter { $0.name != reader.name }.flatMap(Self.outputs).map(\.description)
    }

    /// What can be read of a node: itself, or each of its routes.
    private static func outputs(of node: NodeDraft) -> [NodeReference] {
        let routes = node.routes ?? []
        return routes.isEmpty ? [NodeReference(node.name.text)] : routes.map { NodeReference(node.name.text, route: $0) }
    }
}
