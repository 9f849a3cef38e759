import Components
import Leasing
import OrderedCollections
import Pipeline
import Records
import Testing
import Transforms

@testable import Agent

@Suite("Transforms with several outputs")
struct BranchingTests {
    private let first = FakeSink()
    private let second = FakeSink()
    private let letters = FakeSink()
    private let progress = ShardProgress(from: .trimHorizon)

    private func routers(_ text: String) throws -> [Router] {
        let plan = try #require(plans(text).first)
        let graph = try PipelineGraph(plan, context: noFiles)
        return plan.sources.map {
            Router(source: $0.name, stage: graph.stage(of: $0), sinks: [first, second], deadLetter: letters, activity: Activity())
        }
    }

    private func position(_ number: Int) -> Position { .sequence(SequenceNumber(UInt64(number)), subSequence: nil) }

    private func item(_ number: Int, _ value: Value) -> ReadItem {
        let origin = Origin(
            ReadPlace(source: "in", stream: "orders", shard: "shard-1"), ReadEntry(sequence: "\(number)", partitionKey: "k"))
        return (Record(value, origin: origin), nil, position(number))
    }

    private func numbers(_ numbers: Int64...) -> Value { .list(numbers.map { .int($0) }) }

    @Test("the position waits for all records that one became, wherever they went")
    func unnest() async throws {
        let router = try routers(
            """
            pipeline: p
            sources: {in: {stdin: {}}}
            transforms: {t: {steps: [unnest: {}, filter: record != 2, route: {small: record < 10, rest: default}]}}
            sinks: {a: {from: t.small, discard: {}}, b: {from: t.rest, discard: {}}}
            dead_letter: {discard: {}}
            """)[0]
        try await router.deliver(
            [item(1, numbers(1, 2, 30)), item(2, numbers()), item(3, .list([.string("x"), .int(4)]))], progress: progress)
        #expect(first.records.map(\.value) == [.int(1), .int(4)])
        #expect(second.records.map(\.value) == [.int(30)])
        #expect(letters.records.count == 1)
        first.acknowledgeAll()
        letters.acknowledgeAll()
        #expect(progress.position == .trimHorizon)
        second.acknowledgeAll()
        #expect(progress.position == position(3))
    }

    @Test("nothing of a record goes on where one of its parts stops the pipeline")
    func stop() async throws {
        let router = try routers(
            """
            pipeline: p
            sources: {in: {stdin: {}}}
            transforms: {t: {steps: [unnest: {}, {filter: record < 10, on_error: stop}]}}
            sinks: {a: {from: t, discard: {}}, b: {from: t, discard: {}}}
            dead_letter: {discard: {}}
            """)[0]
        await #expect(throws: Failure.self) {
            try await router.deliver([item(1, numbers(1)), item(2, .list([.int(2), .string("x")]))], progress: progress)
        }
        #expect(first.records.map(\.value) == [.int(1)])
    }

    @Test("a transform that two sources reach remembers what came from either")
    func sharedState() async throws {
        let routers = try routers(
            """
            pipeline: p
            sources: {in: {stdin: {}}, log: {file: {include: [x]}}}
            transforms: {t: {from: [in, log], steps: [dedupe: {key: record}]}}
            sinks: {a: {from: t, discard: {}}, b: {from: t, discard: {}}}
            dead_letter: {discard: {}}
            """)
        try await routers[0].deliver([item(1, .int(7))], progress: progress)
        try await routers[1].deliver([item(2, .int(7)), item(3, .int(8))], progress: progress)
        #expect(first.records.map(\.value) == [.int(7), .int(8)])
    }
}
