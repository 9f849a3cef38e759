import FoundationEssentials
import Pipeline
import Testing

@Suite("Loading")
struct LoadingTests {
    /// A folder that is gone after the test.
    private func withFolder(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "pipeline-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func write(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private func pipeline(_ name: String) -> String { "pipeline: \(name)\nsources: {in: {stdin: }}\nsinks: {out: {stdout: }}\n" }

    @Test("a folder stands for its pipeline files, in the order of their names, each read once")
    func folder() throws {
        try withFolder { folder in
            for name in ["b.yaml", "a.yml", ".hidden.yaml", "notes.txt"] {
                try write(pipeline(String(name.prefix(1))), "\(folder)/\(name)")
            }
            let result = compilePipelines(paths: [folder, "\(folder)/a.yml"], catalogue: Fixture.catalogue)
            #expect(result.diagnostics.isEmpty)
            #expect(result.plans.map(\.name) == ["a", "b"])
            #expect(result.files.map(\.name) == ["\(folder)/a.yml", "\(folder)/b.yaml"])
        }
    }

    @Test("what cannot be read is reported, and the rest compiled")
    func unreadable() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/empty", withIntermediateDirectories: true)
            try write(pipeline("good"), "\(folder)/good.yaml")
            let result = compilePipelines(
                paths: ["\(folder)/nope.yaml", "\(folder)/empty", "\(folder)/good.yaml"], catalogue: Fixture.catalogue)
            #expect(
                result.diagnostics.map(\.message) == [
                    "`\(folder)/nope.yaml` cannot be read: there is no such file",
                    "`\(folder)/empty` cannot be read: there is no *.yaml or *.yml in this folder",
                ])
            #expect(result.plans.map(\.name) == ["good"])
        }
    }

    @Test("a file that never ends is not read to its end")
    func endless() {
        let result = compilePipelines(paths: ["/dev/zero"], catalogue: Fixture.catalogue)
        #expect(result.diagnostics.map(\.message) == ["`/dev/zero` cannot be read: it is larger than 16 MiB"])
    }

    @Test("secrets come from files of their own")
    func secrets() throws {
        try withFolder { folder in
            try write("orders\n", "\(folder)/secret")
            let text = pipeline("p").replacing("{stdin: }", with: "{kinesis: {stream: \"${file:\(folder)/secret}\"}}")
            let files = [PipelineFile(name: "p.yaml", text: text)]
            let result = compilePipelines(files: files, catalogue: Fixture.catalogue, interpolation: .system)
            #expect((result.plans.first?.sources[0].component.config as? Fixture.StreamSource)?.stream == "orders")
        }
    }
}
