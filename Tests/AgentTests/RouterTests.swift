import Components
import FoundationEssentials
import Leasing
import OrderedCollections
import Pipeline
import Records
import Testing
import Transforms

@testable import Agent

@Suite("The way of a batch through the graph")
struct RouterTests {
    private let first = FakeSink()
    private let second = FakeSink()
    private let letters = FakeSink()
    private let progress = ShardProgress(from: .trimHorizon)

    /// Two sinks, the second behind a transform.
    private func router(_ step: String, deadLetter: Bool = false) throws -> Router {
        let letter = deadLetter ? "dead_letter: {discard: {}}\n" : ""
        let plan = try #require(
            plans(
                """
                pipeline: p
                sources: {in: {stdin: {}}}
                transforms: {t: {from: in, steps: [\(step)]}}
                sinks: {a: {from: in, discard: {}}, b: {from: t, discard: {}}}
                \(letter)
                """
            ).first)
        let source = try #require(plan.sources.first)
        return Router(
            source: "in", stage: try PipelineGraph(plan, context: noFiles).stage(of: source), sinks: [first, second],
            deadLetter: deadLetter ? letters : nil,
            activity: Activity())
    }

    private func position(_ number: Int) -> Position { .sequence(SequenceNumber(UInt64(number)), subSequence: nil) }

    private func item(_ number: Int, failure: Failure? = nil, endsRecord: Bool = true) -> ReadItem {
        let origin = Origin(
            ReadPlace(source: "in", stream: "orders", shard: "shard-1"),
            ReadEntry(sequence: "\(number)", subSequence: 2, partitionKey: "k", arrivedAt: 0, raw: Array("raw \(number)".utf8)[...]))
        let record = Record(.map(["n": .int(Int64(number))]), origin: origin)
        return (record, failure, endsRecord ? position(number) : nil)
    }

    private func numbers(_ sink: FakeSink) -> [String] { sink.records.compactMap(\.origin.sequence) }

    @Test("moves the position once each sink has acknowledged each record")
    func fanOut() async throws {
        try await router("filter: true").deliver([item(1), item(2)], progress: progress)
        #expect(numbers(first) == ["1", "2"])
        #expect(numbers(second) == ["1", "2"])
        first.acknowledgeAll()
        #expect(progress.position == .trimHorizon)
        second.acknowledgeAll()
        #expect(progress.position == position(2))
    }

    @Test("hands a batch as it is to sinks without steps between, and waits for each")
    func direct() async throws {
        let plan = try #require(
            plans("pipeline: p\nsources: {in: {stdin: {}}}\nsinks: {a: {from: in, discard: {}}, b: {from: in, discard: {}}}").first)
        let router = Router(
            source: "in", stage: try PipelineGraph(plan, context: noFiles).stage(of: plan.sources[0]), sinks: [first, second],
            deadLetter: letters, activity: Activity())
        try await router.deliver([item(1, endsRecord: false), item(2), item(3, endsRecord: false)], progress: progress)
        #expect(numbers(first) == ["1", "2", "3"])
        #expect(numbers(second) == ["1", "2", "3"])
        first.acknowledgeAll()
        #expect(progress.position == .trimHorizon)
        second.acknowledgeAll()
        #expect(progress.position == position(2))
        try await router.deliver([item(4), item(5, failure: Failure("invalid_json", "no JSON"))], progress: progress)
        #expect(numbers(second) == ["1", "2", "3", "4"])
        #expect(letters.records.count == 1)
    }

    @Test("moves the position where everything was filtered")
    func filtered() async throws {
        let plan = try #require(
            plans(
                "pipeline: p\nsources: {in: {stdin: {}}}\ntransforms: {t: {steps: [{filter: false}]}}\nsinks: {b: {from: t, discard: {}}}"
            ).first)
        let router = Router(
            source: "in", stage: try PipelineGraph(plan, context: noFiles).stage(of: plan.sources[0]), sinks: [first], deadLetter: nil,
            activity: Activity())
        try await router.deliver([item(1), item(2)], progress: progress)
        #expect(first.records.isEmpty)
        #expect(progress.position == position(2))
    }

    @Test("stops right before the record that fails, and says which it is")
    func stop() async throws {
        let router = try router("set: {x: 'record.n == 3 ? record.missing : 1'}")
        let failure = await #expect(throws: Failure.self) {
            try await router.deliver([item(1), item(2), item(3), item(4)], progress: progress)
        }
        #expect(failure?.message.contains("orders, shard-1, sequence 3") == true)
        #expect(failure?.hint?.contains("dead_letter") == true)
        #expect(numbers(first) == ["1", "2"])
        #expect(numbers(second) == ["1", "2"])
        first.acknowledgeAll()
        second.acknowledgeAll()
        #expect(progress.position == position(2))
    }

    @Test("takes back the values before a failing one inside of the same Kinesis record")
    func stopInside() async throws {
        let router = try router("set: {x: 'record.n == 3 ? record.missing : 1'}")
        await #expect(throws: Failure.self) {
            try await router.deliver([item(1), item(2, endsRecord: false), item(3)], progress: progress)
        }
        #expect(numbers(first) == ["1"])
        first.acknowledgeAll()
        second.acknowledgeAll()
        #expect(progress.position == position(1))
    }

    @Test("stops at a record that its source could not decode")
    func undecodable() async throws {
        let router = try router("filter: true")
        let failure = await #expect(throws: Failure.self) {
            try await router.deliver([item(1), item(2, failure: Failure("invalid_json", "no JSON"))], progress: progress)
        }
        #expect(failure?.code == "invalid_json")
        #expect(numbers(first) == ["1"])
    }

    @Test("sends what failed to the dead letter with everything that is known of it, and waits for that too")
    func deadLetter() async throws {
        let router = try router("set: {x: 'record.n == 2 ? record.missing : 1'}", deadLetter: true)
        try await router.deliver([item(1), item(2), item(3)], progress: progress)
        #expect(numbers(second) == ["1", "3"])
        let letter = try #require(letters.records.first)
        guard case .map(let map) = letter.value else {
            Issue.record("a letter is a map")
            return
        }
        #expect(
            Array(map.keys) == [
                "reason", "code", "node", "source", "stream", "shard", "sequence", "sub_sequence", "partition_key", "arrived_at", "data",
            ])
        #expect(map["node"] == .string("t"))
        #expect(map["source"] == .string("in"))
        #expect(map["stream"] == .string("orders"))
        #expect(map["shard"] == .string("shard-1"))
        #expect(map["sequence"] == .string("2"))
        #expect(map["sub_sequence"] == .int(2))
        #expect(map["arrived_at"] == .string("1970-01-01T00:00:00.000Z"))
        #expect(map["data"] == .string(Data("raw 2".utf8).base64EncodedString()))
        first.acknowledgeAll()
        second.acknowledgeAll()
        #expect(progress.position == .trimHorizon)
        letters.acknowledgeAll()
        #expect(progress.position == position(3))
    }

    static let policies: [(String, expected: [String], letters: Int)] = [
        ("drop", ["1", "3"], 0), ("keep", ["1", "2", "3"], 0), ("dead_letter", ["1", "3"], 1),
    ]

    @Test("treats what failed as its step says", arguments: policies)
    func onError(policy: String, expected: [String], letters count: Int) async throws {
        let router = try router("{set: {x: 'record.n == 2 ? record.missing : 1'}, on_error: \(policy)}", deadLetter: true)
        try await router.deliver([item(1), item(2), item(3)], progress: progress)
        #expect(numbers(second) == expected)
        #expect(letters.records.count == count)
    }

    @Test("stops where its step says so, though there is a dead letter")
    func onErrorStop() async throws {
        let router = try router("{set: {x: record.missing}, on_error: stop}", deadLetter: true)
        await #expect(throws: Failure.self) { try await router.deliver([item(1)], progress: progress) }
        #expect(letters.records.isEmpty)
    }
}

@Suite("The state folder")
struct StateFolderTests {
    static let environments: [([String: String], String)] = [
        (["KINESIS_AGENT_STATE": "/s", "HOME": "/h"], "/s"),
        (["XDG_STATE_HOME": "/x", "HOME": "/h"], "/x/kinesis-agent"),
        (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/kinesis-agent"),
        ([:], "/var/lib/kinesis-agent"),
    ]

    @Test("is found as the environment says", arguments: environments)
    func path(environment: [String: String], path: String) {
        #expect(StateFolder.path(environment: environment) == path)
    }

    @Test("is made for its owner alone")
    func permissions() throws {
        let folder = try TemporaryFolder()
        try StateFolder.prepare(folder.file("a/state"))
        for name in ["a/state", "a/state/checkpoints"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test("says what to do where it cannot be made")
    func unusable() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "file")
        let failure = #expect(throws: Failure.self) { try StateFolder.prepare(folder.file("file/state")) }
        #expect(failure?.code == "state_folder_unusable")
        #expect(failure?.hint?.contains("--state") == true)
    }
}

/// For transforms whose steps read no files.
let noFiles = StepContext(readFile: { (path, _, _) throws(Failure) in throw Failure("no_files", path) }, warn: { _ in })
