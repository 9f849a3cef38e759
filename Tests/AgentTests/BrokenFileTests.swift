import Foundation
import Pipeline
import Testing

@testable import Agent

/// Files that are wrong, each with the text that its author gets to see. `KINESIS_AGENT_GOLDEN=write` writes these texts anew: read them as
/// somebody would who has to mend the file.
@Suite("Broken files")
struct BrokenFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Broken")
    private static let isWriting = ProcessInfo.processInfo.environment["KINESIS_AGENT_GOLDEN"] == "write"

    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

    private static let interpolation = Interpolation(
        readFile: { _ throws(FileReadingError) in throw FileReadingError("there is no such file") })

    private static func compile(_ name: String, _ bytes: [UInt8]) -> CompilationResult {
        compilePipelines(files: [PipelineFile(name: name, bytes: bytes)], catalogue: .agent, interpolation: interpolation)
    }

    @Test("are there") func count() { #expect(Self.names.count >= 60) }

    @Test("say what is wrong, where, and what to do", arguments: names)
    func golden(_ name: String) throws {
        let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: "\(name).yaml")))
        let result = Self.compile("\(name).yaml", bytes)
        let text = DiagnosticRenderer(files: result.files).render(result.diagnostics)
        let place = Self.folder.appending(path: "\(name).txt")
        if Self.isWriting { try Data(text.utf8).write(to: place) }
        #expect(text == String(decoding: (try? Data(contentsOf: place)) ?? Data(), as: UTF8.self))
        #expect(!text.isEmpty)
        // The one file that only draws warnings can run.
        #expect(result.hasErrors == (name != "warnings"))
        #expect(result.plans.isEmpty == (name != "warnings" && !name.hasPrefix("same-pipeline")))
    }

    @Test("that are far too large are refused before they are read to their end")
    func huge() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "huge.yaml")
        let file = try FileHandle(forWritingTo: URL(filePath: folder.file("huge.yaml")))
        let line = Data(repeating: UInt8(ascii: "#"), count: 1 << 20)
        for _ in 0..<100 { try file.write(contentsOf: line) }
        try file.close()
        let result = compilePipelines(paths: [folder.file("huge.yaml")], catalogue: .agent)
        #expect(result.diagnostics.map(\.message) == ["`\(folder.file("huge.yaml"))` cannot be read: it is larger than 16 MiB"])
    }

    @Test("that are folders without pipeline files, or are not there, are named")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("odd.yaml"), withIntermediateDirectories: true)
        let paths = [folder.path, folder.file("odd.yaml"), folder.file("none.yaml")]
        let messages = compilePipelines(paths: paths, catalogue: .agent).diagnostics.map(\.message)
        #expect(
            messages == [
                "`\(folder.path)/odd.yaml` cannot be read: it is a folder",
                "`\(folder.file("odd.yaml"))` cannot be read: there is no *.yaml or *.yml in this folder",
                "`\(folder.file("none.yaml"))` cannot be read: there is no such file",
            ])
    }
}
