import OrderedCollections
import Pipeline
import Records
import Synchronization
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

    /// `reading` are the routes of the steps that the sink reads.
    static func compile(_ steps: [String], reading routes: [String] = []) -> CompilationResult {
        let from = routes.isEmpty ? "" : "from: [\(routes.map { "steps.\($0)" }.joined(separator: ", "))], "
        let text = """
            pipeline: test
            sources: {in: {stdin: {}}}
            transforms:
              steps:
                steps:
            \(steps.map { "      - \($0)" }.joined(separator: "\n"))
            sinks: {out: {\(from)stdout: {}}}
            dead_letter: {stdout: {}}

            """
        return compilePipelines(files: [PipelineFile(name: "p.yaml", text: text)], catalogue: catalogue)
    }

    static func chain(_ steps: String..., files: FakeFiles = FakeFiles()) throws -> StepChain {
        let result = compile(steps)
        #expect(result.diagnostics.filter { $0.severity == .error } == [])
        return try StepChain(try #require(result.plans.first).transforms[0].steps, context: files.context)
    }

    /// What the steps report while the file is compiled: `line:column code`.
    static func diagnostics(_ steps: String...) -> [String] {
        compile(steps).diagnostics.map { "\($0.location?.line ?? 0):\($0.location?.column ?? 0) \($0.code)" }
    }

    /// So many seconds after the beginning of the test.
    static func time(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }

    static func record(_ value: Value, sequence: Int = 1, arrivedAt: Int64? = nil) -> Record {
        let entry = ReadEntry(sequence: String(sequence), partitionKey: "key", arrivedAt: arrivedAt)
        return Record(value, origin: Origin(ReadPlace(source: "in"), entry))
    }
}

/// Files that exist in the test alone, and what steps warned of.
final class FakeFiles: Sendable {
    private struct State {
        var files: [String: StepContext.FileContent] = [:]
        var writes: Int64 = 0
        var warnings: [String] = []
    }

    private let state = Mutex(State())

    init(_ files: [String: String] = [:]) {
        for (path, text) in files { write(path, text) }
    }

    func write(_ path: String, _ text: String) {
        state.withLock { state in
            state.writes += 1
            let version = StepContext.FileVersion(inode: 1, size: Int64(text.utf8.count), modifiedNanoseconds: state.writes)
            state.files[path] = StepContext.FileContent(version: version, bytes: Array(text.utf8))
        }
    }

    func remove(_ path: String) {
        state.withLock { _ = $0.files.removeValue(forKey: path) }
    }

    /// The codes of what was warned of.
    var warnings: [String] { state.withLock { $0.warnings } }

    var context: StepContext {
        StepContext(
            readFile: { (path, known, limit) throws(Failure) in
                guard let file = self.state.withLock({ $0.files[path] }) else { throw Failure("file_not_readable", "there is no \(path)") }
                guard file.bytes.count <= limit else { throw Failure("file_too_large", "\(path) is too large") }
                return file.version == known ? nil : file
            },
            warn: { failure in self.state.withLock { $0.warnings.append(failure.code) } })
    }
}

extension StepChain {
    /// The value that comes out, nil where the record is dropped; a failure is an error.
    func output(_ value: Value, at seconds: Int64 = 0) throws -> Value? {
        let outputs = try outputs(value, at: seconds)
        #expect(outputs.count <= 1)
        return outputs.first?.value
    }

    /// The values that come out, each with the index of the route it takes; a failure is an error.
    func outputs(_ value: Value, at seconds: Int64 = 0) throws -> [(value: Value, route: Int?)] {
        func flat(_ result: StepResult) throws -> [(Value, Int?)] {
            switch result {
            case .passed(let record): [(record.value, nil)]
            case .routed(let record, let route): [(record.value, route)]
            case .several(let results): try results.flatMap(flat)
            case .dropped: []
            case .failed(let failure, _, _): throw failure
            }
        }
        return try flat(apply(Fixture.record(value), at: Fixture.time(seconds)))
    }

    /// The code of the failure, nil where there is none.
    func failure(_ value: Value, at seconds: Int64 = 0) -> String? {
        guard case .failed(let failure, _, _) = apply(Fixture.record(value), at: Fixture.time(seconds)) else { return nil }
        return failure.code
    }
}

extension Value {
    /// A field of a map.
    func field(_ name: String) -> Value? {
        guard case .map(let map) = self else { return nil }
        return map[name]
    }

    static func fields(_ fields: KeyValuePairs<String, Value>) -> Value {
        .map(ValueMap(uniqueKeysWithValues: fields.map { ($0.key, $0.value) }))
    }
}
