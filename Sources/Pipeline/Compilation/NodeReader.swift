/// Reads the sections that hold nodes, and reports what is wrong with each node on its own.
struct NodeReader {
    let catalogue: Catalogue
    /// For steps that say nothing.
    let defaultOnError: ErrorAction
    /// False when a node could not be read: what seems to be unread may be read by it.
    private(set) var isComplete = true

    init(catalogue: Catalogue, defaultOnError: ErrorAction) {
        self.catalogue = catalogue
        self.defaultOnError = defaultOnError
    }

    mutating func sources(_ section: YAMLNode?, in context: inout DecodingContext) -> [NodeDraft] {
        entries(section, required: "source", in: &context).map { pair in
            let component = Self.component(pair.value, of: "source", kinds: catalogue.sources, besides: [], in: &context)
            return NodeDraft(name: pair.key, component: component)
        }
    }

    mutating func sinks(_ section: YAMLNode?, in context: inout DecodingContext) -> [NodeDraft] {
        entries(section, required: "sink", in: &context).map { pair in
            let component = Self.component(pair.value, of: "sink", kinds: catalogue.sinks, besides: ["from"], in: &context)
            return NodeDraft(name: pair.key, from: from(pair.value, in: &context), component: component)
        }
    }

    mutating func transforms(_ section: YAMLNode?, in context: inout DecodingContext) -> [NodeDraft] {
        entries(section, required: nil, in: &context).map { pair in
            var draft = NodeDraft(name: pair.key, from: from(pair.value, in: &context), routes: nil)
            guard let options = pair.value.mapping else {
                context.mismatch(pair.value, expected: "a mapping with `steps`")
                return draft
            }
            for option in options where !["from", "steps"].contains(option.key.text) {
                if catalogue.steps.contains(where: { $0.kind == option.key.text }) {
                    context.report(
                        Diagnostic(
                            "unknown_key", "the step `\(option.key.text)` stands outside of `steps`", at: option.key.mark.location,
                            hint: "steps are elements of a list: `steps: [{\(option.key.text): …}]`"))
                } else {
                    context.unknownKey(option.key, known: ["from", "steps"])
                }
            }
            guard let list = pair.value["steps"] else {
                // A step that stands where `steps` should is enough to be told.
                if options.contains(where: { option in catalogue.steps.contains { $0.kind == option.key.text } }) { return draft }
                context.report(Diagnostic("missing_key", "`steps` is required", at: pair.key.mark.location))
                return draft
            }
            var reader = StepReader(catalogue: catalogue, defaultOnError: defaultOnError)
            (draft.steps, draft.routes) = reader.steps(list, in: &context)
            return draft
        }
    }

    /// The nodes of a section; `required` is what it must hold one of.
    private mutating func entries(_ section: YAMLNode?, required: String?, in context: inout DecodingContext) -> [YAMLPair] {
        guard let section else {
            if required != nil { isComplete = false }
            return []
        }
        guard let pairs = section.mapping, !pairs.isEmpty || required == nil else {
            if required == nil, section.isNull { return [] }
            isComplete = false
            if let required, section.isNull || section.mapping != nil {
                context.report(
                    Diagnostic("empty_section", "a pipeline needs at least one \(required)", at: context.place(ofMissing: section)))
            } else {
                context.mismatch(section, expected: "a mapping of names to nodes")
            }
            return []
        }
        for pair in pairs {
            context.enter(pair)
            guard !NodeName.isValid(pair.key.text) else { continue }
            context.report(
                Diagnostic(
                    "invalid_name", "`\(pair.key.text)` is no name for a node", at: pair.key.mark.location,
                    hint: "letters, digits, `_` and `-` make a name"))
        }
        return pairs
    }

    private mutating func from(_ node: YAMLNode, in context: inout DecodingContext) -> FromClause {
        guard node.mapping != nil else {
            isComplete = false
            return .unreadable
        }
        guard let from = node["from"] else { return .omitted }
        if let list = from.sequence, list.isEmpty {
            context.error("missing_input", "`from` is empty", at: from, hint: "name a node, or leave `from` out")
            isComplete = false
            return .unreadable
        }
        guard from.mapping == nil, !from.isNull else {
            context.mismatch(from, expected: "the name of a node, or a list of names")
            isComplete = false
            return .unreadable
        }
        let elements = from.sequence ?? [from]
        let inputs = elements.compactMap { element in
            String.decode(element, in: &context).map { FromClause.Input(text: $0, node: element) }
        }
        if inputs.count < elements.count { isComplete = false }
        return inputs.isEmpty ? .unreadable : .nodes(inputs)
    }
}

extension NodeReader {
    /// A mapping with exactly one type key; `besides` are the other keys that it may have. `role` is the word for messages.
    static func component(
        _ node: YAMLNode, of role: String, kinds: [ComponentDeclaration], besides others: [String], in context: inout DecodingContext
    ) -> ComponentDraft? {
        let names = kinds.map(\.kind)
        guard let pairs = node.mapping else {
            let hint = node.scalar.flatMap { scalar in names.first { $0 == scalar.text } }.map { "write `\($0): {}`" }
            context.mismatch(node, expected: "a mapping with the kind of the \(role)", hint: hint ?? Suggestion.list(names))
            return nil
        }
        let typed = pairs.filter { names.contains($0.key.text) }
        let unknown = pairs.filter { !names.contains($0.key.text) && !others.contains($0.key.text) }
        for pair in unknown {
            context.report(stray(pair.key, role: role, chosen: typed.first?.key.text, kinds: kinds, others: others))
        }
        guard let chosen = typed.first, let declaration = kinds.first(where: { $0.kind == chosen.key.text }) else {
            if unknown.isEmpty {
                context.report(
                    Diagnostic(
                        "missing_kind", "the kind of the \(role) is missing", at: context.place(ofMissing: node),
                        hint: Suggestion.list(names)))
            }
            return nil
        }
        for pair in typed.dropFirst() {
            context.report(
                Diagnostic(
                    "several_kinds", "a \(role) has one kind, and this is another", at: pair.key.mark.location,
                    hint: "make it a node of its own", related: [RelatedPlace("first here", at: chosen.key.mark.location)]))
        }
        context.enter(chosen)
        return ComponentDraft(declaration: declaration, config: declaration.decode(chosen.value, &context), node: chosen.value)
    }

    /// A key beside the type key that means nothing there.
    private static func stray(
        _ key: YAMLKey, role: String, chosen: String?, kinds: [ComponentDeclaration], others: [String]
    ) -> Diagnostic {
        let location = key.mark.location
        guard let chosen else {
            return Diagnostic(
                "unknown_kind", "there is no \(role) `\(key.text)`", at: location,
                hint: Suggestion.hint(for: key.text, among: kinds.map(\.kind) + others))
        }
        if kinds.contains(where: { $0.kind == chosen && $0.fields.contains { $0.name == key.text } }) {
            return Diagnostic(
                "unknown_key", "`\(key.text)` is an option of `\(chosen)` and stands beside it", at: location,
                hint: "indent it below `\(chosen):`")
        }
        if key.text == "from" {
            return Diagnostic("unknown_key", "a \(role) has no `from`", at: location, hint: "it reads from no node of the pipeline")
        }
        return Diagnostic(
            "unknown_key", "unknown key `\(key.text)`", at: location, hint: Suggestion.hint(for: key.text, among: others + [chosen]))
    }
}
