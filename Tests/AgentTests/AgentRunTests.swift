import Emulator
import FoundationEssentials
import Glibc
import Leasing
import Pipeline
import Records
import Testing

@testable import Agent

extension WholeAgentTests {
    @Suite("A run", .timeLimit(.minutes(1)))
    struct AgentRunTests {
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private func run(_ texts: [String], untilIdle: Duration? = .milliseconds(300), draining: Latch = Latch()) async throws {
            var options = RunOptions(stateFolder: folder.file("state"))
            options.untilIdle = untilIdle
            let all = try texts.flatMap { try plans($0) }
            try await AgentRun(all, options: options, logger: .silent).run(until: draining)
        }

        /// From a stream into a file, read often.
        private func fromStream(_ name: String = "reader", steps: String = "filter: true", more: String = "") -> String {
            """
            pipeline: \(name)
            aws: {endpoint: embedded}
            sources:
              in: {kinesis: {stream: s, processor: json_lines, sleep_time_no_records: 20ms, shard_fetch_rate: 5}}
            transforms: {t: {steps: [\(steps)]}}
            sinks: {out: {file: {path: \(folder.file("out"))}}}
            \(more)
            """
        }

        /// From a file, once, into the stream.
        private func intoStream(processor: String = "json_lines") -> String {
            """
            pipeline: writer
            aws: {endpoint: embedded}
            sources: {in: {file: {include: [\(folder.file("in.log"))], follow: false, processor: \(processor)}}}
            sinks: {out: {kinesis: {stream: s, processor: \(processor), partition_key: '"k"', buffer_time: 10ms}}}
            """
        }

        @Test("carries a file through a stream and steps into a file, by two pipelines at once")
        func twoPipelines() async throws {
            try folder.write((1...500).map { "{\"n\": \($0)}\n" }.joined(), to: "in.log")
            try await run([intoStream(), fromStream(steps: "{filter: record.n % 100 == 0}, {set: {m: record.n + 1}}")])
            #expect(folder.lines("out") == (1...5).map { "{\"n\": \($0 * 100), \"m\": \($0 * 100 + 1)}" })
        }

        @Test("goes on where the last one ended, and writes nothing twice")
        func restart() async throws {
            try folder.write("{\"n\": 1}\n", to: "in.log")
            try await run([intoStream()], untilIdle: nil)
            try await run([fromStream()])
            try await run([fromStream()])
            #expect(folder.lines("out") == ["{\"n\": 1}"])
        }

        @Test("drains when it is told to")
        func drain() async throws {
            let draining = Latch()
            try folder.write("{\"n\": 1}\n", to: "in.log")
            async let running: Void = run([intoStream(), fromStream()], untilIdle: nil, draining: draining)
            let deadline = ContinuousClock.now + .seconds(20)
            while folder.lines("out").isEmpty, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(10)) }
            draining.open()
            try await running
            #expect(folder.lines("out") == ["{\"n\": 1}"])
        }

        @Test("ends with the error of a sink that fails, also while other batches wait for acknowledgements, and loses nothing")
        func sinkFails() async throws {
            try folder.write((1...2000).map { "{\"n\": \($0)}\n" }.joined(), to: "in.log")
            let text = fromStream()
            let broken = text.replacing(folder.file("out"), with: "/dev/full")
            let failure = await #expect(throws: Failure.self) { try await run([intoStream(), broken], untilIdle: nil) }
            #expect(failure?.message == "cannot write to /dev/full: No space left on device")
            try await run([intoStream(), text])
            #expect(Set(folder.lines("out")).count == 2000)
        }

        @Test("ends with the error of a file source's sink that fails while the file is finished already")
        func sinkOfFileFails() async throws {
            try folder.write("1\n2\n", to: "in.log")
            let text = """
                pipeline: p
                sources: {in: {file: {include: [\(folder.file("in.log"))], follow: false, processor: json}}}
                sinks: {out: {file: {path: /dev/full}}}
                """
            await #expect(throws: Failure.self) { try await run([text], untilIdle: nil) }
            try await run([text.replacing("/dev/full", with: folder.file("out"))], untilIdle: nil)
            #expect(folder.lines("out") == ["1", "2"])
        }

        @Test("stops at a poisonous record without a dead letter, and goes on right there once it is dealt with")
        func poison() async throws {
            try folder.write("{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n", to: "in.log")
            let text = """
                pipeline: p
                sources: {in: {file: {include: [\(folder.file("in.log"))], follow: false, processor: json}}}
                transforms: {t: {steps: [{set: {m: 'record.n == 2 ? record.missing : 0'}}]}}
                sinks: {out: {file: {path: \(folder.file("out"))}}}
                """
            let failure = await #expect(throws: Failure.self) { try await run([text], untilIdle: nil) }
            #expect(failure?.message.contains("in.log, offset 9") == true)
            #expect(folder.lines("out") == ["{\"n\": 1, \"m\": 0}"])
            try await run([text.replacing("? record.missing", with: "? 9")], untilIdle: nil)
            #expect(folder.lines("out") == [1, 2, 3].map { "{\"n\": \($0), \"m\": \($0 == 2 ? 9 : 0)}" })
        }

        @Test("flows on past any number of poisonous records with a dead letter")
        func deadLetters() async throws {
            // More than any queue in front of the dead letter holds.
            try folder.write((1...3000).map { $0 % 3 == 0 ? "{\"n\": \($0)}\n" : "oops \($0)\n" }.joined(), to: "in.log")
            let text = """
                pipeline: p
                sources: {in: {file: {include: [\(folder.file("in.log"))], follow: false, processor: json}}}
                sinks: {out: {file: {path: \(folder.file("out"))}}}
                dead_letter: {file: {path: \(folder.file("dead"))}}
                """
            try await run([text], untilIdle: nil)
            #expect(folder.lines("out").count == 1000)
            #expect(folder.lines("dead").count == 2000)
        }

        @Test("sends what a sink refuses to the dead letter too")
        func refusedBySink() async throws {
            try folder.write("\"text\"\n{\"a\": 1}\n", to: "in.log")
            let text = """
                pipeline: p
                sources: {in: {file: {include: [\(folder.file("in.log"))], follow: false, processor: json}}}
                sinks: {out: {kinesis: {stream: s, endpoint: embedded, processor: string, buffer_time: 10ms}}}
                dead_letter: {file: {path: \(folder.file("dead"))}}
                """
            try await run([text], untilIdle: nil)
            let letter = try #require(folder.lines("dead").first)
            #expect(folder.lines("dead").count == 1)
            #expect(letter.contains("\"node\": \"out\""))
            #expect(letter.contains("\"data\": \"eyJhIjogMX0=\""))
        }

        @Test("ends when the dead letter fails, with its error")
        func deadLetterFails() async throws {
            try folder.write((1...100).map { "oops \($0)\n" }.joined(), to: "in.log")
            let text = """
                pipeline: p
                sources: {in: {file: {include: [\(folder.file("in.log"))], follow: false, processor: json}}}
                sinks: {out: {discard: {}}}
                dead_letter: {file: {path: /dev/full}}
                """
            let failure = await #expect(throws: Failure.self) { try await run([text], untilIdle: nil) }
            #expect(failure?.message.contains("/dev/full") == true)
        }

        @Test("drains the other pipelines when one fails")
        func otherPipelines() async throws {
            try folder.write("oops\n", to: "in.log")
            let bad = """
                pipeline: bad
                sources: {in: {file: {include: [\(folder.file("in.log"))], processor: json}}}
                sinks: {out: {discard: {}}}
                """
            let failure = await #expect(throws: Failure.self) { try await run([bad, fromStream()], untilIdle: nil) }
            #expect(failure?.code == "invalid_json")
        }

        @Test("says that a stream on a server cannot be reached, in one sentence")
        func unreachable() async throws {
            let text =
                "pipeline: p\naws: {endpoint: 'http://127.0.0.1:1', region: us-east-1}\nsources: {in: {stdin: {}}}\nsinks: {out: {kinesis: {stream: s, create_stream: true}}}\n"
            setenv("AWS_ACCESS_KEY_ID", "a", 0)
            setenv("AWS_SECRET_ACCESS_KEY", "b", 0)
            do {
                try await run([text])
                Issue.record("there is no server")
            } catch {
                let failure = Failure(reporting: error)
                #expect(failure.code == "kinesis_connection")
                #expect(!failure.message.contains("NIO"))
            }
        }
    }
}
