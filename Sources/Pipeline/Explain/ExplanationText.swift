import Records

/// An explanation as a page of text: the graph as a tree, then what holds for it.
struct ExplanationText {
    private let explanation: Explanation

    init(_ explanation: Explanation) {
        self.explanation = explanation
    }

    var text: String {
        let promises = [
            section("Delivery", [explanation.delivery.word] + explanation.delivery.reasons),
            section("Order", [explanation.order.word] + explanation.order.reasons),
            section("Decoding", explanation.decoding.map { "\($0.source): \($0.reason)" }),
            section("Ceilings", explanation.nodes.flatMap { node in node.facts.ceilings.map { "\(node.name): \($0)" } }),
            section("Memory", explanation.memory.bytes == 0 ? [] : [memory]),
            section("Positions", [explanation.store.subject] + explanation.store.state.filter { $0 != explanation.store.subject }),
        ]
        return tree + "\n" + promises.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var memory: String {
        let parts = explanation.nodes.filter { $0.facts.memory.bytes > 0 }.map { "\($0.name) \($0.facts.memory)" }
        return "queues hold up to about \(explanation.memory) of records" + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
            + "; when one is full, reading pauses"
    }

    /// The word in a column of its own, lines of at most 100 characters.
    private func section(_ title: String, _ lines: [String]) -> String {
        let column = 11
        return lines.enumerated().map { index, line in
            let head = index == 0 ? title : ""
            let wrapped = TextWrap.lines(line, width: 100 - column)
            return wrapped.enumerated().map { part, text in
                let margin = part == 0 && index == 0 ? head : ""
                return margin + String(repeating: " ", count: column - margin.count) + text + "\n"
            }.joined()
        }.joined()
    }

    // MARK: The tree

    private struct Row {
        var indent: String
        var label: String
        var what: String
    }

    private var tree: String {
        var rows: [Row] = []
        var drawn: Set<String> = []
        let roots = explanation.nodes.filter { $0.role == .source || $0.role == .deadLetter }
        for (index, root) in roots.enumerated() {
            let isLast = index == roots.count - 1
            append(root, route: nil, indent: "", isLast: isLast, to: &rows, &drawn)
        }
        let width = rows.map { $0.indent.count + $0.label.count }.max() ?? 0
        let lines = rows.map { row in
            row.indent + row.label + String(repeating: " ", count: width - row.indent.count - row.label.count + 2) + row.what
        }
        return ([explanation.pipeline] + lines).joined(separator: "\n") + "\n"
    }

    private func append(
        _ node: Explanation.Node, route: String?, indent: String, isLast: Bool, to rows: inout [Row], _ drawn: inout Set<String>
    ) {
        let isRepeated = !drawn.insert(node.name).inserted
        let label = (route.map { "\($0) → " } ?? "") + node.name
        let what = isRepeated ? "(as above)" : Self.what(node)
        rows.append(Row(indent: indent + (isLast ? "└─ " : "├─ "), label: label, what: what))
        guard !isRepeated else { return }
        let edges = explanation.edges.filter { $0.from == node.name }
        for (index, edge) in edges.enumerated() {
            guard let reader = explanation.nodes.first(where: { $0.name == edge.to }) else { continue }
            append(
                reader, route: edge.route, indent: indent + (isLast ? "   " : "│  "), isLast: index == edges.count - 1, to: &rows, &drawn)
        }
    }

    private static func what(_ node: Explanation.Node) -> String {
        switch node.role {
        case .transform: node.kind
        default: node.subject == node.kind || node.subject.hasPrefix(node.kind + " ") ? node.subject : "\(node.kind): \(node.subject)"
        }
    }
}

extension Explanation {
    /// A page for people.
    public var text: String { ExplanationText(self).text }
}
