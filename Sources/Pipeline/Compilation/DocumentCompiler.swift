/// What one document says: its pipeline's name, and its plan where it has no errors.
struct CompiledDocument {
    var name: YAMLKey?
    var plan: Plan?
}

/// Compiles one document: its sections, then the graph that they make.
struct DocumentCompiler {
    let catalogue: Catalogue

    static func compile(_ root: YAMLNode, catalogue: Catalogue, in context: inout DecodingContext) -> CompiledDocument {
        DocumentCompiler(catalogue: catalogue).compile(root, in: &context)
    }

    private func compile(_ root: YAMLNode, in context: inout DecodingContext) -> CompiledDocument {
        guard let pairs = root.mapping else {
            let isGlued = root.scalar?.text.hasPrefix("pipeline:") ?? false
            context.mismatch(
                root, expected: "a pipeline",
                hint: "a pipeline file begins with `pipeline: name`" + (isGlued ? ", with a space after the colon" : ""))
            return CompiledDocument()
        }
        let errorsBefore = context.errorCount
        for pair in pairs {
            context.enter(pair)
            if Section(rawValue: pair.key.text) == nil { context.unknownKey(pair.key, known: Section.allCases.map(\.rawValue)) }
        }
        let unknown = pairs.map(\.key.text).filter { Section(rawValue: $0) == nil }
        let meant = Set(unknown.compactMap { Suggestion.nearest(to: $0, among: Section.allCases.map(\.rawValue)) })
        for section in Section.allCases where section.isRequired && root[section.rawValue] == nil {
            // What is misspelt is there, and said to be misspelt.
            if meant.contains(section.rawValue) { continue }
            context.report(
                Diagnostic("missing_key", "`\(section.rawValue)` is required", at: root.mark.location, hint: section.example))
        }
        let name = root["pipeline"].flatMap { pipelineName($0, in: &context) }
        let aws = AWSDefaults.decode(root["aws"] ?? YAMLNode(.mapping([]), mark: root.mark), in: &context)
        context.processors = ProcessorConfig.decodeAll(root["processors"], in: &context)
        let checkpoints = checkpointStore(root["checkpoints"], at: root, in: &context)
        context.keepsPositions =
            checkpoints.map { plan in
                catalogue.checkpointStores.first { $0.kind == plan.kind }?.keepsPositions ?? true
            } ?? true
        let deadLetterNode = root["dead_letter"]
        let onError: ErrorAction = deadLetterNode == nil ? .stop : .deadLetter
        var nodes = NodeReader(catalogue: catalogue, defaultOnError: onError)
        let sources = nodes.sources(root["sources"], in: &context)
        let transforms = nodes.transforms(root["transforms"], in: &context)
        let sinks = nodes.sinks(root["sinks"], in: &context)
        let deadLetter = deadLetterNode.flatMap {
            NodeReader.component($0, of: "sink", kinds: catalogue.sinks, besides: [], in: &context)
        }
        let tests = TestReader(sources: sources, sinks: sinks, hasDeadLetter: deadLetterNode != nil).tests(root["tests"], in: &context)
        let graph = Graph(sources: sources, transforms: transforms, sinks: sinks, isComplete: nodes.isComplete, in: &context)
        SharedSources.check(sources, in: &context)
        PlainSecrets.check(root, in: &context)
        guard context.errorCount == errorsBefore, let name, let aws, let checkpoints, let graph else { return CompiledDocument(name: name) }
        let plan = Plan(
            name: name.text, mark: name.mark, aws: aws, checkpoints: checkpoints, processors: context.processors, sources: graph.sources,
            transforms: graph.transforms,
            sinks: graph.sinks, deadLetter: deadLetter?.plan, onError: onError, tests: tests)
        return CompiledDocument(name: name, plan: plan)
    }

    /// Names become parts of Redis keys, table names and metric labels.
    private func pipelineName(_ node: YAMLNode, in context: inout DecodingContext) -> YAMLKey? {
        guard let text = String.decode(node, in: &context) else { return nil }
        guard !text.isEmpty, text.utf8.allSatisfy({ NodeName.isLetterOrDigit($0) || "_.-".utf8.contains($0) }) else {
            context.error(
                "invalid_value", "expected a name, found \(context.description(of: node))", at: node,
                hint: "letters, digits, `_`, `.` and `-` make a name")
            return nil
        }
        return YAMLKey(text, mark: node.mark)
    }

    private func checkpointStore(_ node: YAMLNode?, at root: YAMLNode, in context: inout DecodingContext) -> ComponentPlan? {
        guard let node, !node.isNull else {
            let store = catalogue.checkpointStores[0]
            let options = YAMLNode(.mapping([]), mark: root.mark)
            return ComponentPlan(kind: store.kind, config: store.makeDefault(), node: options)
        }
        return NodeReader.component(node, of: "checkpoint store", kinds: catalogue.checkpointStores, besides: [], in: &context)?.plan
    }
}

/// Names of nodes: without a dot, which is between a node and its route.
enum NodeName {
    static func isValid(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }
}
