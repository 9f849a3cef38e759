import OrderedCollections
import Pipeline
import Records
import Testing
import Transforms

/// Steps as a pipeline file has them, run on one record.
enum Fixture {
    struct Nothing: ComponentConfig {
        static let fields: [Field<Self>] = []
    }

    static let catalogue = Catalogue(
        sources: [ComponentDeclaration("stdin", Nothing.self, "Reads lines.")],
        sinks: [ComponentDeclaration("stdout", Nothing.self, "Writes lines.")],
        steps: Steps.declarations,
        checkpointStores: [ComponentDeclaration("memory", Nothing.self, "Forgets.")])

    static func compile(_ steps: [String]) -> CompilationResult {
        let text = """
            pipeline: test
            sources: {in: {stdin: {}}}
            transforms:
              steps:
                steps:
            \(steps.map { "      - \($0)" }.joined(separator: "\n"))
            sinks: {out: {stdout: {}}}
            dead_letter: {stdout: {}}

            """
        return compilePipelines(files: [PipelineFile(name: "p.yaml", text: text)], catalogue: catalogue)
    }

    static func chain(_ steps: String...) throws -> StepChain {
        let result = compile(steps)
        #expect(result.diagnostics == [])
        return StepChain(try #require(result.plans.first).transforms[0].steps)
    }

    /// What the steps report while the file is compiled: `line:column code`.
    static func diagnostics(_ steps: String...) -> [String] {
        compile(steps).diagnostics.map { "\($0.location?.line ?? 0):\($0.location?.column ?? 0) \($0.code)" }
    }

    static func record(_ value: Value) -> Record {
        Record(value, partitionKey: "key", origin: Origin(BatchOrigin(source: "in"), sequence: "1"))
    }
}

extension StepChain {
    /// The value that comes out, nil where the record is dropped; a failure is an error.
    func output(_ value: Value) throws -> Value? {
        switch apply(Fixture.record(value)) {
        case .passed(let record): return record.value
        case .dropped: return nil
        case .failed(let failure, _, _): throw failure
        }
    }

    /// The code of the failure, nil where there is none.
    func failure(_ value: Value) -> String? {
        guard case .failed(let failure, _, _) = apply(Fixture.record(value)) else { return nil }
        return failure.code
    }
}

extension Value {
    static func fields(_ fields: KeyValuePairs<String, Value>) -> Value {
        .map(ValueMap(uniqueKeysWithValues: fields.map { ($0.key, $0.value) }))
    }
}
