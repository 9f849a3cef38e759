import Coordination
import Foundation
import JSON
import Kinesis
import Logging
import OrderedCollections
import Processors
import Records
import Synchronization
import Testing

@testable import Components

@Suite("The after_flush command", .timeLimit(.minutes(1)))
struct FlushCommandTests {
    private let folder: TemporaryFolder
    private let log = LineLog()

    init() throws { folder = try TemporaryFolder() }

    private func command(_ arguments: [String], _ change: (inout FlushCommand.Limits) -> Void = { _ in }) -> FlushCommand {
        var limits = FlushCommand.Limits()
        change(&limits)
        let context = SinkContext(
            pipeline: "p", node: "out", clients: KinesisClients(defaults: .init(), embeddedURL: nil, logger: .silent), logger: log.logger
        ) { _, _ in }
        return FlushCommand(CommandSetting(arguments: arguments), limits: limits, context: context)
    }

    private func outcome(_ results: Result<[PutResult], KinesisError>, keys: [String] = ["a"]) throws -> FlushOutcome {
        let acknowledgements = Acknowledgements()
        let entries = try keys.map { key in
            var parcel = Parcel()
            parcel.append(Parcel.Item(batch: EncodedBatch(acknowledgements.record(.null).batch), index: 0, size: 0, member: nil))
            return try ProducerEntry<Parcel>(data: [1, 2, 3], partitionKey: key, token: parcel)
        }
        return FlushOutcome(FlushReport(stream: .name("s"), entries: entries, outcome: results))
    }

    private func run(_ command: FlushCommand, _ outcomes: [FlushOutcome]) async {
        for outcome in outcomes { command.flushed(outcome) }
        command.finish()
        await command.run()
    }

    @Test("is told what became of every record, as JSON on its standard input")
    func input() async throws {
        let results: [PutResult] = [
            .stored(shard: "shardId-000000000000", sequence: SequenceNumber(42)),
            .failed(code: "InternalFailure", message: "Internal service failure."),
        ]
        let script = "cat > '\(folder.file("told"))'"
        await run(command(["/bin/sh", "-c", script]), [try outcome(.success(results), keys: ["a", "b"])])
        let expected = """
            {"pipeline":"p","node":"out","stream":"s","records":[\
            {"partition_key":"a","bytes":3,"items":1,"shard":"shardId-000000000000","sequence":"42"},\
            {"partition_key":"b","bytes":3,"items":1,"error":{"code":"InternalFailure","message":"Internal service failure."}}]}
            """
        #expect(try folder.text("told") == expected)
        #expect(log.lines.isEmpty)
    }

    @Test("is told why a request has no answer for its records")
    func failedRequest() async throws {
        let error = KinesisError(.timeout, code: "Timeout", message: "no reply in time", operation: "PutRecords")
        await run(command(["tee", folder.file("told")]), [try outcome(.failure(error))])
        let told = try JSON.parse(Array(folder.text("told").utf8))
        guard case .map(let map) = told else { throw Failure("not_a_map", "\(told)") }
        #expect(map["error"] == .map(["code": .string("Timeout"), "message": .string("no reply in time")]))
    }

    @Test(
        "that fails is a warning with its last words",
        arguments: [
            (["/bin/sh", "-c", "echo no such host >&2; exit 3"], "exit status 3", "no such host"),
            (["/bin/sh", "-c", "kill -9 $$"], "killed by signal 9", ""),
            (["/nowhere/at/all"], "could not be started", ""),
        ])
    func fails(arguments: [String], reason: String, words: String) async throws {
        await run(command(arguments), [try outcome(.success([]), keys: [])])
        #expect(log.lines.count == 1)
        #expect(log.lines[0].contains(reason) && (words.isEmpty || log.lines[0].contains(words)))
    }

    @Test("that does not end is killed with what it has started")
    func timeLimit() async throws {
        let script = "sleep 1000 & echo $! > '\(folder.file("child"))'; wait"
        await run(command(["/bin/sh", "-c", script]) { $0.timeout = .seconds(2) }, [try outcome(.success([]), keys: [])])
        #expect(log.lines.count == 1 && log.lines[0].contains("longer than 2s"))
        let child = try folder.text("child").split(separator: "\n")[0]
        // Gone, or dead and not yet collected by whoever inherits it.
        var state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
        while let text = state, !text.contains(") Z") {
            await Task.yield()
            state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
        }
    }

    @Test("never has more than so many outcomes waiting: the rest is dropped and said to be")
    func bounded() async throws {
        let command = command(["true"]) { $0.waiting = 3 }
        for _ in 0..<5 { command.flushed(try outcome(.success([]), keys: [])) }
        command.finish()
        await command.run()
        #expect(log.lines.count == 2 && log.lines.allSatisfy { $0.contains("was not told") })
    }

    @Test("that hangs is killed when the sink is cancelled")
    func cancelled() async throws {
        let command = command(["/bin/sh", "-c", "echo started > '\(folder.file("started"))'; exec sleep 1000"])
        command.flushed(try outcome(.success([]), keys: []))
        let running = Task { await command.run() }
        while (try? folder.text("started")) != "started\n" { await Task.yield() }
        running.cancel()
        await running.value
    }
}

/// What is logged, a line each.
final class LineLog: Sendable {
    private let written = Mutex<[String]>([])
    var lines: [String] { written.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: LineLog
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]

        init(log: LineLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.written.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }
}
