/// Reads the steps of a transform.
struct StepReader {
    let catalogue: Catalogue
    /// For steps that say nothing: the dead letter where one is declared.
    let defaultOnError: ErrorAction

    /// The steps that could be read, and the routes of the last; routes are nil where it could not be read.
    mutating func steps(_ list: YAMLNode, in context: inout DecodingContext) -> ([StepPlan], routes: [String]?) {
        guard let elements = list.sequence else {
            context.mismatch(list, expected: "a list of steps", hint: list.mapping == nil ? nil : "begin each step with `- `")
            return ([], nil)
        }
        var steps: [StepPlan] = []
        var routes: [String]? = []
        for (index, element) in elements.enumerated() {
            routes = nil
            guard let (declaration, step) = step(element, in: &context) else { continue }
            steps.append(step)
            let own = declaration.routes(step.config)
            routes = own
            if !own.isEmpty, index < elements.count - 1 {
                context.report(
                    Diagnostic(
                        "misplaced_route", "`\(step.kind)` splits the records and has to be the last step", at: step.mark.location,
                        hint: "put the steps after it into transforms that read its routes"))
            }
        }
        return (steps, routes)
    }

    private func step(_ node: YAMLNode, in context: inout DecodingContext) -> (StepDeclaration, StepPlan)? {
        let kinds = catalogue.steps.map(\.kind)
        guard let pairs = node.mapping else {
            let hint = node.scalar.flatMap { scalar in kinds.first { $0 == scalar.text } }.map { "write `\($0): {}`" }
            context.mismatch(node, expected: "a step: a mapping with its name as the key", hint: hint)
            return nil
        }
        let typed = pairs.filter { kinds.contains($0.key.text) }
        for pair in pairs where !kinds.contains(pair.key.text) && pair.key.text != "on_error" {
            context.report(stray(pair.key, chosen: typed.first?.key.text, kinds: kinds))
        }
        let onError = node["on_error"].flatMap { errorAction($0, in: &context) } ?? defaultOnError
        guard let chosen = typed.first, let declaration = catalogue.steps.first(where: { $0.kind == chosen.key.text }) else {
            if pairs.allSatisfy({ $0.key.text == "on_error" }) {
                context.error("missing_kind", "the name of the step is missing", at: node, hint: Suggestion.list(kinds))
            }
            return nil
        }
        for pair in typed.dropFirst() {
            context.report(
                Diagnostic(
                    "several_kinds", "a step does one thing, and this is another", at: pair.key.mark.location,
                    hint: "make it a step of its own: `- \(pair.key.text): …`",
                    related: [RelatedPlace("first here", at: chosen.key.mark.location)]))
        }
        context.enter(chosen)
        guard let config = declaration.decode(chosen.value, &context) else { return nil }
        return (declaration, StepPlan(kind: declaration.kind, config: config, onError: onError, mark: chosen.key.mark))
    }

    private func errorAction(_ node: YAMLNode, in context: inout DecodingContext) -> ErrorAction? {
        let action = ErrorAction.decode(node, in: &context)
        if action == .deadLetter, defaultOnError != .deadLetter {
            context.error(
                "missing_dead_letter", "the pipeline declares no `dead_letter`", at: node,
                hint: "add one: `dead_letter: {file: {path: dead.jsonl}}`")
        }
        return action
    }

    private func stray(_ key: YAMLKey, chosen: String?, kinds: [String]) -> Diagnostic {
        let location = key.mark.location
        guard let chosen else {
            return Diagnostic(
                "unknown_kind", "there is no step `\(key.text)`", at: location,
                hint: Suggestion.hint(for: key.text, among: kinds + ["on_error"]))
        }
        let fields = catalogue.steps.first { $0.kind == chosen }?.fields ?? []
        if fields.contains(where: { $0.name == key.text }) {
            return Diagnostic(
                "unknown_key", "`\(key.text)` is an option of `\(chosen)` and stands beside it", at: location,
                hint: "indent it below `\(chosen):`")
        }
        return Diagnostic(
            "unknown_key", "unknown key `\(key.text)`", at: location, hint: Suggestion.hint(for: key.text, among: kinds + ["on_error"]))
    }
}
