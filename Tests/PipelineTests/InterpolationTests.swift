import Records
import Testing

@testable import Pipeline

@Suite("Interpolation")
struct InterpolationTests {
    @Test(
        "references are expanded where they stand",
        arguments: [
            ("plain", "plain"), ("${STREAM}", "orders"), ("a-${STREAM}-${LIMIT}", "a-orders-500"), ("${NOPE:-b}", "b"),
            ("${EMPTY:-b}", "b"), ("${EMPTY}", ""),
            ("${STREAM:-b}", "orders"), ("${NOPE:-}", ""), ("${NOPE:-redis://127.0.0.1:6379/0}", "redis://127.0.0.1:6379/0"),
            ("${file:/run/secrets/key}", "s3cret"), ("$${STREAM}", "${STREAM}"), ("$$", "$"), ("a$b $", "a$b $"), ("$$$STREAM", "$$STREAM"),
            ("${file:-x}", "x"),
        ])
    func expands(_ text: String, _ expected: String) throws {
        #expect(try Fixture.interpolation.expand(text).get().text == expected)
    }

    @Test("what is expanded is not expanded again")
    func once() throws {
        let interpolation = Interpolation(environment: ["A": "${B}", "B": "x"])
        #expect(try interpolation.expand("${A}").get().text == "${B}")
    }

    @Test(
        "what cannot be expanded says where",
        arguments: [
            ("ab${NOPE}", "missing_variable", 2..<9), ("${", "invalid_interpolation", 0..<2), ("x${}", "invalid_interpolation", 1..<4),
            ("${A B}", "invalid_interpolation", 0..<6), ("${1A}", "invalid_interpolation", 0..<5),
            ("${A-b}", "invalid_interpolation", 0..<6),
            ("${file:/other}", "unreadable_file", 0..<14),
        ])
    func problems(_ text: String, _ code: String, _ range: Range<Int>) {
        guard case .failure(let problem) = Fixture.interpolation.expand(text) else {
            Issue.record("\(text) was expanded")
            return
        }
        #expect(problem.code == code)
        #expect(problem.range == range)
    }

    private func source(_ options: String) -> CompilationResult {
        Fixture.compile("pipeline: p\nsources: {in: {kinesis: {\(options)}}}\nsinks: {out: {stdout: }}\n")
    }

    @Test("an expanded value takes the type that the option has, in quotes or not")
    func types() throws {
        let result = source("stream: \"${FLAG}\", record_limit: \"${LIMIT}\"")
        #expect(Fixture.summary(result.diagnostics) == [])
        let config = try #require(result.plans.first?.sources[0].component.config as? Fixture.StreamSource)
        #expect(config.stream == "true")
        #expect(config.recordLimit == 500)
    }

    @Test("neither keys, comments nor expressions are expanded")
    func notExpanded() throws {
        let result = Fixture.compile(
            """
            pipeline: p  # ${NOPE}
            sources: {in: {stdin: }}
            transforms:
              t:
                steps:
                  - set: {"${NOPE}": '"${NOPE}$$"'}
            sinks: {out: {stdout: }}
            """)
        #expect(Fixture.summary(result.diagnostics) == [])
    }

    @Test(
        "no diagnostic repeats what was expanded",
        arguments: [
            "stream: s, record_limit: \"${SECRET}\"", "stream: s, iterator_type: \"${SECRET}\"",
            "stream: s, sleep_time_no_records: \"${SECRET}\"",
            "stream: s, timestamp: \"${SECRET}\"", "stream: s, endpoint: \"${SECRET}\"", "stream: [\"${SECRET}\"]",
        ])
    func secrets(_ options: String) {
        let result = source(options)
        #expect(result.hasErrors)
        #expect(!DiagnosticRenderer(files: result.files).render(result.diagnostics).contains("hunter2"))
        #expect(!"\(result.diagnostics)".contains("hunter2"))
    }

    @Test("no diagnostic of the graph repeats what was expanded")
    func secretsInTheGraph() {
        let result = Fixture.compile(
            """
            pipeline: "${SECRET}"
            sources: {in: {stdin: }}
            sinks: {out: {from: "${SECRET}", stdout: }, other: {from: "in.${SECRET}", stdout: }}
            ---
            pipeline: "${SECRET}"
            sources: {in: {stdin: }}
            transforms: {t: {steps: [route: {a: 'true'}]}}
            sinks: {out: {from: "t.${SECRET}", stdout: }}
            """)
        #expect(
            Fixture.summary(result.diagnostics) == [
                "unknown_node 3:21", "unknown_route 3:59", "duplicate_pipeline 5:11", "unknown_route 8:21",
            ])
        #expect(!"\(result.diagnostics)".contains("hunter2"))
    }
}
