/// What one document says: its pipeline's name, and its plan where it has no errors.
struct CompiledDocument {
    var name: YAMLKey?
    var plan: Plan?
}

/// Compiles one document: its sections, then the graph that they make.
struct DocumentCompiler {
    let catalogue: Catalogue

    private static let sections = [
        "pipeline", "aws", "checkpoints", "processors", "sources", "transforms", "sinks", "dead_letter", "tests",
    ]

    static func compile(_ root: YAMLNode, catalogue: Catalogue, in context: inout DecodingContext) -> CompiledDocument {
        DocumentCompiler(catalogue: catalogue).compile(root, in: &context)
    }

    private func compile(_ root: YAMLNode, in context: inout DecodingContext) -> CompiledDocument {
        guard let pairs = root.mapping else {
            context.mismatch(root, expected: "a pipeline", hint: "a pipeline file begins with `pipeline: name`")
            return CompiledDocument()
        }
        let errorsBefore = context.errorCount
        for pair in pairs {
            context.enter(pair)
            if !Self.sections.contains(pair.key.text) { context.unknownKey(pair.key, known: Self.sections) }
        }
        for section in ["pipeline", "sources", "sinks"] where root[section] == nil {
            context.report(Diagnostic("missing_key", "`\(section)` is required", at: root.mark.location))
        }
        let name = root["pipeline"].flatMap { pipelineName($0, in: &context) }
        let aws = AWSDefaults.decode(root["aws"] ?? YAMLNode(.mapping([]), mark: root.mark), in: &context)
        context.processors = ProcessorConfig.decodeAll(root["processors"], in: &context)
        let checkpoints = checkpointStore(root["checkpoints"], at: root, in: &context)
        let deadLetterNode = root["dead_letter"]
        let onError: ErrorAction = deadLetterNode == nil ? .stop : .deadLetter
        var nodes = NodeReader(catalogue: catalogue, defaultOnError: onError)
        let sources = nodes.sources(root["sources"], in: &context)
        let transforms = nodes.transforms(root["transforms"], in: &context)
        let sinks = nodes.sinks(root["sinks"], in: &context)
        let deadLetter = deadLetterNode.flatMap {
            NodeReader.component($0, of: "sink", kinds: catalogue.sinks, besides: [], in: &context)
        }
        let graph = Graph(sources: sources, transforms: transforms, sinks: sinks, isComplete: nodes.isComplete, in: &context)
        SharedSources.check(sources, in: &context)
        guard context.errorCount == errorsBefore, let name, let aws, let checkpoints, let graph else { return CompiledDocument(name: name) }
        let plan = Plan(
            name: name.text, mark: name.mark, aws: aws, checkpoints: checkpoints, processors: context.processors, sources: graph.sources,
            transforms: graph.transforms,
            sinks: graph.sinks, deadLetter: deadLetter?.plan, onError: onError, tests: root["tests"])
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
