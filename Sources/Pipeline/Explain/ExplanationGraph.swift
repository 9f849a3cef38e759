import OrderedCollections
public import Records

// The graph for programs that draw it, and everything for programs that read it.

extension Explanation {
    /// For Graphviz: `kinesis-agent explain p.yaml --format dot | dot -Tsvg`.
    public var dot: String {
        var lines = ["digraph \(Self.quoted(pipeline)) {", "  rankdir=LR;", "  node [fontname=\"sans-serif\"];"]
        for node in nodes {
            let shape = node.role == .transform ? "box" : "cylinder"
            let style = node.role == .deadLetter ? ", style=dashed" : ""
            lines.append("  \(Self.quoted(node.name)) [label=\(Self.quoted(label(node, separator: "\n"))), shape=\(shape)\(style)];")
        }
        for edge in edges {
            let label = edge.route.map { " [label=\(Self.quoted($0))]" } ?? ""
            lines.append("  \(Self.quoted(edge.from)) -> \(Self.quoted(edge.to))\(label);")
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    /// For Markdown: a flowchart of Mermaid.
    public var mermaid: String {
        let ids = Dictionary(nodes.enumerated().map { ($0.element.name, "n\($0.offset)") }) { first, _ in first }
        var lines = ["flowchart LR"]
        for (index, node) in nodes.enumerated() {
            let text = Self.mermaidText(label(node, separator: "\n"))
            lines.append("  n\(index)" + (node.role == .transform ? "[\"\(text)\"]" : "[(\"\(text)\")]"))
        }
        for edge in edges {
            guard let from = ids[edge.from], let to = ids[edge.to] else { continue }
            lines.append("  \(from) -->" + (edge.route.map { "|\"\(Self.mermaidText($0))\"|" } ?? "") + " \(to)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func label(_ node: Node, separator: String) -> String {
        node.subject.isEmpty ? node.name : node.name + separator + node.subject
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }

    private static func mermaidText(_ text: String) -> String {
        text.replacing("#", with: "#35;").replacing("\"", with: "#quot;").replacing("<", with: "#lt;").replacing("\n", with: "<br>")
    }

    /// Everything, for programs.
    public var value: Value {
        [
            "pipeline": .string(pipeline),
            "nodes": .list(nodes.map(Self.value)),
            "edges": .list(
                edges.map { edge in
                    var map: ValueMap = ["from": .string(edge.from), "to": .string(edge.to)]
                    if let route = edge.route { map["route"] = .string(route) }
                    return .map(map)
                }),
            "delivery": Self.value(delivery), "order": Self.value(order),
            "decoding": .map(ValueMap(decoding.map { ($0.source, .string($0.reason)) }) { first, _ in first }),
            "memory_bytes": .int(Int64(memory.bytes)),
            "positions": ["store": .string(store.subject), "keys": .list(store.state.map { .string($0) })],
        ]
    }

    private static func value(_ promise: Promise) -> Value {
        ["promise": .string(promise.word), "reasons": .list(promise.reasons.map { .string($0) })]
    }

    private static func value(_ node: Node) -> Value {
        var map: ValueMap = [
            "name": .string(node.name), "role": .string(node.role.rawValue), "kind": .string(node.kind), "subject": .string(node.subject),
        ]
        if !node.facts.ceilings.isEmpty { map["ceilings"] = .list(node.facts.ceilings.map { .string($0) }) }
        if node.facts.memory.bytes > 0 { map["memory_bytes"] = .int(Int64(node.facts.memory.bytes)) }
        let caveats = node.facts.caveats + node.facts.reordering
        if !caveats.isEmpty { map["caveats"] = .list(caveats.map { .string($0) }) }
        return .map(map)
    }
}
