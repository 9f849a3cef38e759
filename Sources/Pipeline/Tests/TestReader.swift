import Records

/// Reads `tests:` and reports what cannot be meant, by the names of the pipeline's nodes.
struct TestReader {
    let sources: [NodeDraft]
    let sinks: [NodeDraft]
    let hasDeadLetter: Bool

    private static let deadLetter = Section.deadLetter.rawValue

    func tests(_ section: YAMLNode?, in context: inout DecodingContext) -> [TestPlan] {
        guard let section, !section.isNull else { return [] }
        guard let elements = section.sequence else {
            context.mismatch(
                section, expected: "a list of tests", hint: section.mapping == nil ? nil : "begin each test with `- name: …`")
            return []
        }
        return elements.compactMap { test($0, in: &context) }
    }

    private func test(_ node: YAMLNode, in context: inout DecodingContext) -> TestPlan? {
        let known = ["name", "send", "expect", "phases"]
        guard check(node, known: known, expected: "a test: a mapping with `name`, `send` and `expect`", in: &context) else { return nil }
        let errorsBefore = context.errorCount
        var name = ""
        if let given = node["name"] {
            name = String.decode(given, in: &context) ?? ""
        } else {
            context.error("missing_key", "the test has no `name`", at: node, hint: "say what the pipeline should do")
        }
        var phases: [TestPlan.Phase] = []
        if let list = node["phases"] {
            for key in ["send", "expect"] where node[key] != nil {
                context.error(
                    "conflicting_keys", "`\(key)` stands beside `phases`", at: node[key] ?? node,
                    hint: "move it into a phase: `- \(key): …`")
            }
            if let elements = list.sequence, !elements.isEmpty {
                phases = elements.compactMap { phase($0, in: &context) }
            } else {
                context.mismatch(list, expected: "a list of phases", hint: "a phase is `{after: 10s, send: …, expect: …}`")
            }
        } else {
            phases = [
                TestPlan.Phase(after: .zero, sent: sent(node["send"], in: &context), expectations: expected(node["expect"], in: &context))
            ]
        }
        guard context.errorCount == errorsBefore else { return nil }
        if phases.allSatisfy(\.expectations.isEmpty) {
            context.error(
                "missing_key", "the test expects nothing, so that it cannot fail", at: node["name"] ?? node,
                hint: "add `expect: {\(sinks.first?.name.text ?? "sink"): […]}`; an empty list says that nothing may come")
        }
        return TestPlan(name: name, mark: node.mark, phases: phases)
    }

    private func phase(_ node: YAMLNode, in context: inout DecodingContext) -> TestPlan.Phase? {
        let known = ["after", "send", "expect"]
        guard check(node, known: known, expected: "a phase: a mapping with `after`, `send` and `expect`", in: &context) else { return nil }
        let after = node["after"].flatMap { Duration.decode($0, in: &context) } ?? .zero
        return TestPlan.Phase(after: after, sent: sent(node["send"], in: &context), expectations: expected(node["expect"], in: &context))
    }

    private func check(_ node: YAMLNode, known: [String], expected: String, in context: inout DecodingContext) -> Bool {
        guard let pairs = node.mapping else {
            context.mismatch(node, expected: expected)
            return false
        }
        for pair in pairs {
            context.enter(pair)
            if !known.contains(pair.key.text) { context.unknownKey(pair.key, known: known) }
        }
        return true
    }

    // MARK: Sending

    private func sent(_ node: YAMLNode?, in context: inout DecodingContext) -> [TestPlan.SentRecord] {
        guard let node else { return [] }
        guard let pairs = node.mapping else {
            context.mismatch(
                node, expected: "a mapping of sources to lists of records", hint: sources.first.map { "write `{\($0.name.text): […]}`" })
            return []
        }
        return pairs.flatMap { pair in
            let source = sources.first { $0.name.text == pair.key.text }
            if source == nil {
                context.report(
                    Diagnostic(
                        "unknown_source", "there is no source `\(pair.key.text)`", at: pair.key.mark.location,
                        hint: Suggestion.hint(for: pair.key.text, among: sources.map(\.name.text))))
            }
            return records(pair, of: "source", in: &context).compactMap { record($0, from: pair.key.text, in: &context) }
        }
    }

    private func records(_ pair: YAMLPair, of role: String, in context: inout DecodingContext) -> [YAMLNode] {
        if let elements = pair.value.sequence { return elements }
        context.mismatch(
            pair.value, expected: "a list of records", hint: "write `\(pair.key.text): [{…}, {…}]`, or an element a line after `- `")
        return []
    }

    /// `{record: …, meta: …}` is a record with the place where it was read; anything else is the record.
    private func record(_ node: YAMLNode, from source: String, in context: inout DecodingContext) -> TestPlan.SentRecord? {
        let keys = Set(node.mapping?.map(\.key.text) ?? [])
        guard keys == ["record", "meta"], let record = node["record"], let meta = node["meta"] else {
            return node.value(in: &context).map { TestPlan.SentRecord(source: source, value: $0, meta: TestMeta()) }
        }
        for pair in node.mapping ?? [] { context.enter(pair) }
        guard let meta = TestMeta.decode(meta, in: &context), let value = record.value(in: &context) else { return nil }
        return TestPlan.SentRecord(source: source, value: value, meta: meta)
    }

    // MARK: Expecting

    private func expected(_ node: YAMLNode?, in context: inout DecodingContext) -> [TestPlan.Expectation] {
        guard let node else { return [] }
        guard let pairs = node.mapping else {
            context.mismatch(
                node, expected: "a mapping of sinks to lists of records", hint: sinks.first.map { "write `{\($0.name.text): […]}`" })
            return []
        }
        return pairs.compactMap { pair in
            let isDeadLetter = pair.key.text == Self.deadLetter && !sinks.contains { $0.name.text == Self.deadLetter }
            if isDeadLetter, !hasDeadLetter {
                context.report(
                    Diagnostic(
                        "missing_dead_letter", "the pipeline declares no `dead_letter`", at: pair.key.mark.location,
                        hint: "add one: `dead_letter: {file: {path: dead.jsonl}}`"))
            } else if !isDeadLetter, !sinks.contains(where: { $0.name.text == pair.key.text }) {
                context.report(
                    Diagnostic(
                        "unknown_sink", "there is no sink `\(pair.key.text)`", at: pair.key.mark.location,
                        hint: Suggestion.hint(for: pair.key.text, among: sinks.map(\.name.text) + (hasDeadLetter ? [Self.deadLetter] : [])))
                )
            }
            return expectation(pair, sink: isDeadLetter ? nil : pair.key.text, in: &context)
        }
    }

    private func expectation(_ pair: YAMLPair, sink: String?, in context: inout DecodingContext) -> TestPlan.Expectation? {
        var list = pair
        let isExact = pair.value.mapping != nil
        if let options = pair.value.mapping {
            for option in options where option.key.text != "exactly" { context.unknownKey(option.key, known: ["exactly"]) }
            guard let exactly = options.first(where: { $0.key.text == "exactly" }) else {
                if options.isEmpty { context.mismatch(pair.value, expected: "a list of records") }
                return nil
            }
            list = exactly
        }
        let values = records(list, of: "sink", in: &context).map { $0.value(in: &context) }
        let records = values.compactMap { $0 }
        guard records.count == values.count else { return nil }
        return TestPlan.Expectation(sink: sink, records: records, isExact: isExact, mark: pair.key.mark)
    }
}
