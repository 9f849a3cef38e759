import Foundation
import Glibc
import Testing

/// One after the other: a process that is being started holds copies of the locks of those that run in this one, for a moment.
@Suite("The agent", .serialized)
enum WholeAgentTests {}

extension WholeAgentTests {
    /// The commands as their users see them: the built program, run as a process.
    @Suite("The command line", .enabled(if: Program.isBuilt), .timeLimit(.minutes(1)))
    struct CommandTests {
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private func run(_ arguments: String..., input: String = "", environment: [String: String] = [:]) async throws -> Program.Result {
            var all = ["KINESIS_AGENT_STATE": folder.file("state"), "HOME": folder.path]
            all.merge(environment) { _, new in new }
            return try await Program(arguments, input: input, environment: all).result()
        }

        static let commands = [
            [], ["run"], ["check"], ["explain"], ["test"], ["init"], ["list"], ["schema"], ["completions"], ["emulator"], ["stream"],
            ["stream", "list"], ["stream", "describe"], ["stream", "create"],
            ["stream", "delete"], ["stream", "put"], ["stream", "tail"],
            ["checkpoints"], ["checkpoints", "list"], ["checkpoints", "show"], ["checkpoints", "set"], ["checkpoints", "export"],
            ["checkpoints", "import"],
        ]

        @Test("explains each command and each of its options", arguments: commands)
        func help(command: [String]) async throws {
            let result = try await Program(command + ["--help"], environment: [:]).result()
            #expect(result.code == 0)
            let undescribed = result.output.split(separator: "\n").filter { line in
                // An option alone on its line is described on the next one.
                line.hasPrefix("  --") && line.split(separator: " ").count == 1 && line.count < 20
            }
            #expect(undescribed.isEmpty)
            #expect(result.output.hasPrefix("OVERVIEW: "))
        }

        @Test(
            "ends with 64 where it is misused",
            arguments: [
                ["run"], ["run", "x.yaml", "--until-idle", "soon"], ["stream", "tail", "a b"], ["stream", "tail", "s", "-n", "0"],
                ["nonsense"],
                ["emulator", "--port", "70000"],
            ])
        func usage(arguments: [String]) async throws {
            #expect(try await Program(arguments, environment: [:]).result().code == 64)
        }

        @Test("refuses a level of logs that it does not know")
        func logLevel() async throws {
            try folder.write("pipeline: p\nsources: {in: {stdin: {}}}\nsinks: {out: {discard: {}}}\n", to: "p.yaml")
            let result = try await run("run", folder.file("p.yaml"), environment: ["KINESIS_AGENT_LOG": "loud"])
            #expect(result.code == 64)
            #expect(result.errors.contains("`loud`"))
            #expect(result.errors.contains("debug"))
        }

        @Test("checks files: 0 where they are sound, 78 with each place where they are not")
        func check() async throws {
            try folder.write("pipeline: p\nsources: {in: {stdin: {}}}\nsinks: {out: {discard: {}}}\n", to: "good.yaml")
            let good = try await run("check", folder.file("good.yaml"))
            #expect(good.code == 0)
            #expect(good.output == "p: ok (1 source, 0 transforms, 1 sink)\n")
            try folder.write(
                "pipeline: p\nsources: {in: {stdin: {}}}\nsinks: {out: {file: {path: a, processor: kpl_json}}}\nx: 1\n", to: "bad.yaml")
            let bad = try await run("check", folder.file("bad.yaml"))
            #expect(bad.code == 78)
            #expect(bad.output.isEmpty)
            #expect(bad.errors.contains("bad.yaml:3:"))
            #expect(bad.errors.contains("bad.yaml:4:1"))
            #expect(bad.errors.hasSuffix("2 errors\n"))
            #expect(try await run("check", folder.file("none.yaml")).code == 78)
        }

        @Test("runs a pipeline from stdin to stdout, with nothing but data on stdout")
        func run() async throws {
            try folder.write(
                "pipeline: p\nsources: {in: {stdin: {}}}\ntransforms: {t: {steps: [{filter: record.n > 1}]}}\nsinks: {out: {stdout: {}}}\n",
                to: "p.yaml")
            let result = try await run("run", folder.file("p.yaml"), input: "{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}")
            #expect(result.code == 0)
            #expect(result.output == "{\"n\": 2}\n{\"n\": 3}\n")
        }

        @Test("ends with 1 and one clear error where a pipeline fails")
        func failure() async throws {
            try folder.write("pipeline: p\nsources: {in: {stdin: {}}}\nsinks: {out: {stdout: {}}}\n", to: "p.yaml")
            let result = try await run("run", folder.file("p.yaml"), input: "{\"n\": 1}\noops\n")
            #expect(result.code == 1)
            #expect(result.output == "{\"n\": 1}\n")
            let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("error") }
            #expect(errors.count == 1)
            #expect(errors.first?.hasPrefix("error[invalid_json]: ") == true)
            #expect(result.errors.contains("= help: declare a `dead_letter` sink"))
        }

        @Test("writes each event of the log as one JSON object where it is asked to")
        func jsonLog() async throws {
            let odd = folder.file("a \"quoted\"\nname.log")
            try Data("1\n".utf8).write(to: URL(filePath: odd))
            try folder.write(
                "pipeline: p\nsources: {in: {file: {include: ['\(folder.path)/*.log'], follow: false}}}\nsinks: {out: {discard: {}}}\n",
                to: "p.yaml")
            let json = try await run("run", folder.file("p.yaml"), "--log-format", "json")
            #expect(json.code == 0)
            let events = try json.errors.split(separator: "\n").map { line in
                try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            }
            #expect(events.contains { $0["file"] == odd && $0["message"] == "reading file" && $0["level"] == "info" })
            try FileManager.default.removeItem(atPath: folder.file("state"))
            let text = try await run("run", folder.file("p.yaml"))
            let time = #/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [a-z]+ /#
            for line in text.errors.split(separator: "\n") { #expect(line.firstMatch(of: time) != nil, "\(line)") }
            #expect(text.errors.contains("file=\"\(folder.path)/a \\\"quoted\\\"\\nname.log\""))
        }

        @Test("serves the embedded stream, whose second user is told who has it, and puts and tails through it")
        func emulator() async throws {
            let server = try Program(["emulator", "--port", "0"], environment: ["KINESIS_AGENT_STATE": folder.file("state")])
            let url = try #require(try await server.firstLine())
            #expect(url.hasPrefix("http://127.0.0.1:"))
            let second = try await run("emulator", "--port", "0")
            #expect(second.code == 1)
            #expect(second.errors.hasPrefix("error[state_in_use]: "))
            #expect(second.output.isEmpty)

            let aws = ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "us-east-1"]
            #expect(try await run("stream", "create", "s", "--shards", "2", "--endpoint", url, environment: aws).code == 0)
            #expect(try await run("stream", "list", "--endpoint", url, environment: aws).output == "s\n")
            let put = try await run("stream", "put", "s", "--endpoint", url, input: "one\ntwo\nthree", environment: aws)
            #expect(put.errors == "3 records put\n")
            let tail = try await run("stream", "tail", "s", "-i", "TRIM_HORIZON", "-n", "3", "--endpoint", url, environment: aws)
            #expect(tail.code == 0)
            #expect(tail.output.split(separator: "\n").sorted() == ["one", "three", "two"])
            let missing = try await run("stream", "tail", "none", "--endpoint", url, environment: aws)
            #expect(missing.code == 1)
            #expect(missing.errors.hasPrefix("error[kinesis_not_found]: "))

            // The stream goes while it is read.
            let reader = try Program(
                ["stream", "tail", "s", "-i", "TRIM_HORIZON", "--endpoint", url], environment: aws.merging(["HOME": folder.path]) { $1 })
            _ = try await reader.firstLine()
            #expect(try await run("stream", "delete", "s", "--endpoint", url, environment: aws).code == 0)
            let end = try await reader.result()
            #expect(end.code == 1)
            #expect(end.errors.hasPrefix("error[kinesis_not_found]: "))
            server.signal(SIGTERM)
            #expect(try await server.result().code == 0)
        }

        @Test("drains at the first signal, and ends with 130 at the second")
        func signals() async throws {
            try folder.write(
                "pipeline: p\nsources: {in: {file: {include: [\(folder.file("in.log"))]}}}\nsinks: {out: {stdout: {processor: string}}}\n",
                to: "p.yaml")
            try folder.write("ready\n", to: "in.log")
            let environment = ["KINESIS_AGENT_STATE": folder.file("state")]
            let drained = try Program(["run", folder.file("p.yaml")], environment: environment)
            #expect(try await drained.firstLine() == "ready")
            drained.signal(SIGINT)
            #expect(try await drained.result().code == 0)

            // Nobody reads its stdout, which fills up: it cannot drain.
            try folder.write(String(repeating: String(repeating: "x", count: 999) + "\n", count: 2000), to: "in.log")
            let stuck = try Program(["run", folder.file("p.yaml")], environment: environment)
            #expect(try await stuck.firstLine() != nil)
            stuck.signal(SIGTERM)
            try await stuck.waitForError("draining")
            stuck.signal(SIGTERM)
            #expect(try await stuck.exitCode() == 130)
        }
    }
}

/// The built program as a process.
///
/// Unchecked: each is used by one task, a call after the other.
private final class Program: @unchecked Sendable {
    struct Result: Sendable {
        var code: Int32
        var output: String
        var errors: String
    }

    private static let path =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        .map { URL(filePath: $0).deletingLastPathComponent().appending(path: "kinesis-agent").path } ?? ""

    static var isBuilt: Bool { access(path, X_OK) == 0 }

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private var firstBytes = Data()
    private var firstErrors = Data()

    init(_ arguments: [String], input: String = "", environment: [String: String]) throws {
        process.executableURL = URL(filePath: Self.path)
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = output
        process.standardError = errors
        let stdin = Pipe()
        process.standardInput = stdin
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
    }

    /// Runs what blocks on a thread of its own: the tests of all targets share as many threads as there are cores.
    private func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: .init(catching: body)) }
        }
    }

    func firstLine() async throws -> String? {
        try await blocking { [self] in
            while !firstBytes.contains(UInt8(ascii: "\n")) {
                guard let byte = try output.fileHandleForReading.read(upToCount: 1) else { return nil }
                firstBytes += byte
            }
            return String(decoding: firstBytes.dropLast(), as: UTF8.self)
        }
    }

    func waitForError(_ text: String) async throws {
        try await blocking { [self] in
            while !String(decoding: firstErrors, as: UTF8.self).contains(text) {
                let more = errors.fileHandleForReading.availableData
                if more.isEmpty { return }
                firstErrors += more
            }
        }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    func exitCode() async throws -> Int32 {
        try await blocking { [self] in
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    /// What it has written by its end: little enough for the pipes.
    func result() async throws -> Result {
        let (written, told) = try await blocking { [self] in
            (
                firstBytes + output.fileHandleForReading.readDataToEndOfFile(),
                firstErrors + errors.fileHandleForReading.readDataToEndOfFile()
            )
        }
        return Result(
            code: try await exitCode(), output: String(decoding: written, as: UTF8.self), errors: String(decoding: told, as: UTF8.self))
    }
}
