import Pipeline
import Processors
import Testing

@testable import Agent

@Suite("Records that pass through undecoded")
struct PassThroughTests {
    private func plan(_ nodes: String) throws -> Plan {
        let text = """
            pipeline: relay
            aws: {endpoint: embedded}
            \(nodes)
            """
        let compiled = try plans(text)
        return try #require(compiled.first)
    }

    private func decision(_ nodes: String, source: String = "a") throws -> PassThrough {
        let plan = try plan(nodes)
        return plan.passThrough(of: try #require(plan.sources.first { $0.name == source }))
    }

    @Test(
        "a relay between streams of one form passes its records",
        arguments: [
            "sources: {a: {kinesis: {stream: a}}}\nsinks: {b: {kinesis: {stream: b}}}",
            "sources: {a: {kinesis: {stream: a, processor: json_lines}}}\nsinks: {b: {kinesis: {stream: b, processor: JsonLineProcessor}}}",
            "sources: {a: {kinesis: {stream: a}}}\nsinks: {b: {kinesis: {stream: b}}, c: {from: a, kinesis: {stream: c}}}",
            "sources: {a: {kinesis: {stream: a}}, b: {kinesis: {stream: b}}}\nsinks: {c: {from: [a, b], kinesis: {stream: c}}}",
            "sources: {a: {kinesis: {stream: a}}}\nsinks: {b: {kinesis: {stream: b, partition_key: meta.shard}}}",
        ])
    func undecoded(nodes: String) throws {
        #expect(try decision(nodes) == .undecoded)
    }

    @Test(
        "whatever looks into a record has it decoded, and says so",
        arguments: [
            (
                "sources: {a: {stdin: {processor: json}}}\nsinks: {b: {kinesis: {stream: b}}}", "`a` reads no Kinesis records"
            ),
            ("sources: {a: {kinesis: {stream: a}}}\nsinks: {b: {stdout: {}}}", "`b` writes no Kinesis records"),
            (
                "sources: {a: {kinesis: {stream: a, processor: json_lines}}}\nsinks: {b: {kinesis: {stream: b}}}",
                "`a` reads json_lines, and `b` writes json"
            ),
            (
                "sources: {a: {kinesis: {stream: a}}}\ntransforms: {t: {steps: [{filter: record.x == 1}]}}\nsinks: {b: {kinesis: {stream: b}}}",
                "`t` has steps"
            ),
            (
                "sources: {a: {kinesis: {stream: a}}}\nsinks: {b: {kinesis: {stream: b, partition_key: record.id}}}",
                "`partition_key` of `b` reads the record"
            ),
            (
                "sources: {a: {kinesis: {stream: a}}, f: {stdin: {processor: json}}}\nsinks: {b: {from: [a, f], kinesis: {stream: b}}}",
                "`b` also reads `f`, whose records are decoded"
            ),
            (
                "processors: {s: {aggregator: newline, serializer: json, max_size: 25 KiB}}\n"
                    + "sources: {a: {kinesis: {stream: a, processor: json_lines}}}\nsinks: {b: {kinesis: {stream: b, processor: s}}}",
                "the `max_size` of `b` (25 KiB) is below that of `a` (1000 KiB)"
            ),
        ])
    func decoded(nodes: String, reason: String) throws {
        #expect(try decision(nodes) == .decoded(reason: reason))
    }

    @Test("a source is run undecoded beside one that is not")
    func running() throws {
        let plan = try plan(
            """
            sources: {a: {kinesis: {stream: a, processor: json_lines}}, k: {kinesis: {stream: k, processor: kpl_json}}}
            transforms: {t: {from: k, steps: [{filter: record.x == 1}]}}
            sinks:
              b: {from: a, kinesis: {stream: b, processor: json_lines}}
              c: {from: t, kinesis: {stream: c, processor: kpl_json}}
            """
        ).passingThrough()
        func processor(_ component: ComponentPlan) -> ProcessorSpec? { (component.config as? any PassThroughConfig)?.processor }
        #expect(plan.sources.map { processor($0.component)?.serializer } == [.raw, .json])
        #expect(plan.sinks.map { processor($0.component)?.serializer } == [.raw, .json])
        #expect(plan.sinks.map { processor($0.component)?.aggregator } == [.simple, .kpl])
    }
}
