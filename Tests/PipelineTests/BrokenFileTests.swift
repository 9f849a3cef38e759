import Pipeline
import Testing

@Suite("Broken files")
struct BrokenFileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let expected: [String]

        init(_ name: String, _ text: String, _ expected: String...) {
            self.name = name
            self.text = text
            self.expected = expected
        }

        var testDescription: String { name }
    }

    /// The smallest whole pipeline, in flow style on its first line, for cases that are about something else.
    static let head = "pipeline: p\nsources: {in: {stdin: }}\n"

    static let cases: [Case] = [
        Case("no mapping", "- a\n", "wrong_type 1:1"),
        Case("an empty file", "", "empty_file 1:1"),
        Case("an empty document", "---\n...\n", "empty_file 1:1"),
        Case("a text", "pipeline\n", "wrong_type 1:1"),
        Case("nothing", "# only a comment\n", "empty_file 1:1"),
        Case("missing sections", "aws: {}\n", "missing_key 1:1", "missing_key 1:1", "missing_key 1:1"),
        Case("unknown section", head + "sinks: {out: {stdout: }}\nsink: 1\n", "unknown_key 4:1"),
        Case("bad pipeline name", "pipeline: a b\nsources: {in: {stdin: }}\nsinks: {out: {stdout: }}\n", "invalid_value 1:11"),
        Case("pipeline name is null", "pipeline:\nsources: {in: {stdin: }}\nsinks: {out: {stdout: }}\n", "wrong_type 1:10"),
        Case("unknown option", head + "sinks:\n  out:\n    file:\n      path: x\n      pth: y\n", "unknown_key 7:7"),
        Case("missing option", head + "sinks:\n  out:\n    file:\n      tags: []\n", "missing_key 5:5"),
        Case("missing option of an empty mapping", head + "sinks:\n  out:\n    file:\n", "missing_key 5:5"),
        Case("unknown kind", head + "sinks: {out: {stdotu: }}\n", "unknown_kind 3:15"),
        Case("no kind", head + "sinks:\n  out:\n    from: in\n", "missing_kind 4:3"),
        Case("two kinds", head + "sinks: {out: {stdout: , file: {path: x}}}\n", "several_kinds 3:25"),
        Case("kind as text", head + "sinks: {out: stdout}\n", "wrong_type 3:14"),
        Case("option beside its kind", head + "sinks:\n  out:\n    file: {path: x}\n    path: y\n", "unknown_key 6:5"),
        Case("from in a source", "pipeline: p\nsources: {in: {stdin: , from: x}}\nsinks: {out: {stdout: }}\n", "unknown_key 2:25"),
        Case(
            "number expected", "pipeline: p\nsources: {in: {kinesis: {stream: s, record_limit: many}}}\nsinks: {out: {stdout: }}\n",
            "wrong_type 2:51"),
        Case(
            "quoted number", "pipeline: p\nsources: {in: {kinesis: {stream: s, record_limit: '5'}}}\nsinks: {out: {stdout: }}\n",
            "wrong_type 2:51"),
        Case("yes for true", head + "sinks: {out: {kinesis: {stream: s, create_stream: yes}}}\n", "wrong_type 3:51"),
        Case("true for a text", head + "sinks: {out: {kinesis: {stream: true}}}\n", "wrong_type 3:33"),
        Case(
            "duration", "pipeline: p\nsources: {in: {kinesis: {stream: s, sleep_time_no_records: 2 sec}}}\nsinks: {out: {stdout: }}\n",
            "wrong_type 2:60"),
        Case("size", head + "sinks: {out: {file: {path: x, rotate: {size: -1}}}}\n", "wrong_type 3:46"),
        Case(
            "choice", "pipeline: p\nsources: {in: {kinesis: {stream: s, iterator_type: TRIM_HORIZN}}}\nsinks: {out: {stdout: }}\n",
            "invalid_value 2:52"),
        Case(
            "check across fields",
            "pipeline: p\nsources: {in: {kinesis: {stream: s, iterator_type: AT_TIMESTAMP}}}\nsinks: {out: {stdout: }}\n",
            "missing_key 2:52"),
        Case(
            "timestamp", "pipeline: p\nsources: {in: {kinesis: {stream: s, timestamp: 2026-02-30T00:00:00Z}}}\nsinks: {out: {stdout: }}\n",
            "wrong_type 2:48"),
        Case("endpoint", head + "aws: {endpoint: embeded}\nsinks: {out: {stdout: }}\n", "invalid_value 3:17"),
        Case("role", head + "aws: {assume_role: admin}\nsinks: {out: {stdout: }}\n", "invalid_value 3:20"),
        Case("list expected", head + "sinks: {out: {file: {path: x, tags: a}}}\n", "wrong_type 3:37"),
        Case(
            "two elements of a list", head + "sinks: {out: {file: {path: x, tags: [a, {}, true]}}}\n", "wrong_type 3:41", "wrong_type 3:45"),
        Case("checkpoint store", head + "checkpoints: {reddis: {url: x}}\nsinks: {out: {stdout: }}\n", "unknown_kind 3:15"),
        Case("dead letter", head + "dead_letter: {file: {}}\nsinks: {out: {stdout: }}\n", "missing_key 3:15"),
        Case("empty sources", "pipeline: p\nsources: {}\nsinks: {out: {stdout: }}\n", "empty_section 2:1"),
        Case("empty sinks", head + "sinks:\n", "empty_section 3:1"),
        Case("node name with a dot", "pipeline: p\nsources: {a.b: {stdin: }}\nsinks: {out: {stdout: }}\n", "invalid_name 2:11"),
        Case("transform without steps", head + "transforms: {t: {from: in}}\nsinks: {out: {stdout: }}\n", "missing_key 3:14"),
        Case("steps as a mapping", head + "transforms: {t: {steps: {filter: 'true'}}}\nsinks: {out: {stdout: }}\n", "wrong_type 3:25"),
        Case(
            "step outside of steps", head + "transforms: {t: {filter: 'true', steps: []}}\nsinks: {out: {stdout: }}\n", "unknown_key 3:18"),
        Case("unknown step", head + "transforms: {t: {steps: [{fliter: 'true'}]}}\nsinks: {out: {stdout: }}\n", "unknown_kind 3:27"),
        Case(
            "two steps in one", head + "transforms: {t: {steps: [{filter: 'true', remove: [a]}]}}\nsinks: {out: {stdout: }}\n",
            "several_kinds 3:43"),
        Case("step as text", head + "transforms: {t: {steps: [filter]}}\nsinks: {out: {stdout: }}\n", "wrong_type 3:26"),
        Case("step without a name", head + "transforms: {t: {steps: [{on_error: drop}]}}\nsinks: {out: {stdout: }}\n", "missing_kind 3:26"),
        Case(
            "option beside its step", head + "transforms: {t: {steps: [{sample: {rate: 1}, rate: 2}]}}\nsinks: {out: {stdout: }}\n",
            "unknown_key 3:46"),
        Case(
            "bad on_error", head + "transforms: {t: {steps: [{filter: 'true', on_error: explode}]}}\nsinks: {out: {stdout: }}\n",
            "invalid_value 3:53"),
        Case(
            "on_error without a dead letter",
            head + "transforms: {t: {steps: [{filter: 'true', on_error: dead_letter}]}}\nsinks: {out: {stdout: }}\n",
            "missing_dead_letter 3:53"),
        Case("missing variable", head + "sinks:\n  out:\n    file: {path: \"a/${NOPE}/b\"}\n", "missing_variable 5:21"),
        Case("unclosed reference", head + "sinks:\n  out:\n    file:\n      path: a${NOPE\n", "invalid_interpolation 6:14"),
        Case("odd reference", head + "sinks:\n  out:\n    file:\n      path: ${1-x}\n", "invalid_interpolation 6:13"),
        Case("missing secret file", head + "sinks:\n  out:\n    file:\n      path: ${file:/nope}\n", "unreadable_file 6:13"),
        Case("duplicate key", head + "sinks: {out: {stdout: }}\npipeline: q\n", "duplicate_key 4:1"),
        Case("tab", "pipeline: p\nsources:\n\tin: {stdin: }\n", "yaml_syntax 3:1"),
        Case("bad indentation", "pipeline: p\nsources:\n  in:\n    stdin: {}\n   out: {}\n", "yaml_syntax 5:4"),
        Case("unclosed brace", "pipeline: p\nsources: {in: {stdin: }\nsinks: {}\n", "yaml_syntax 3:1"),
        Case("unclosed quote", "pipeline: \"p\nsources: {}\n", "yaml_syntax 1:11"),
        Case("colon in a text", "pipeline: p: q\n", "yaml_syntax 1:12"),
        Case("template braces", head + "sinks: {out: {file: {path: {{ x }}}}}\n", "complex_key 3:29"),
        Case("unknown alias", head + "sinks: *nope\n", "unknown_alias 3:8"),
        Case("alias within itself", head + "sinks: &a {out: *a}\n", "recursive_alias 3:17"),
        Case("merge of a text", head + "sinks: {<<: out}\n", "invalid_merge 3:13"),
        Case("tag", head + "sinks: !!set {out: {stdout: }}\n", "yaml_tag 3:8"),
        Case("control character", "pipeline: p\nsources: {a\u{1}: {}}\n", "yaml_syntax 2:12"),
    ]

    @Test("are reported at the right place", arguments: cases)
    func golden(_ broken: Case) {
        let result = Fixture.compile(broken.text)
        #expect(
            Fixture.summary(result.diagnostics) == broken.expected, "\(DiagnosticRenderer(files: result.files).render(result.diagnostics))")
        #expect(result.plans.isEmpty)
    }

    @Test("tell all of their mistakes at once")
    func allAtOnce() {
        let result = Fixture.compile(
            """
            pipeline: orders
            sources:
              orders:
                kinesis:
                  stream: orders
                  record_limt: 10
            transforms:
              paid:
                steps:
                  - filter: record.status ==
                  - remove: debug
            sinks:
              out:
                from: piad
                file: {path: "x/${NOPE}"}
            """)
        #expect(
            Fixture.summary(result.diagnostics) == [
                "unknown_key 6:7", "invalid_expression 10:33", "wrong_type 11:17", "unknown_node 14:11", "missing_variable 15:21",
            ])
        #expect(
            result.diagnostics.map(\.hint) == [
                "did you mean `record_limit`?", result.diagnostics[1].hint, "write `[debug]`", "did you mean `paid`?",
                "set it, or give a default: `${NOPE:-default}`",
            ])
    }

    @Test("do not drown their reader")
    func many() {
        let text = Self.head + "sinks: {out: {stdout: }}\n" + (0..<5_000).map { "k\($0): 1\n" }.joined()
        #expect(Fixture.compile(text).diagnostics.count == 1_000)
        let warnings = (0..<2_000).map { "  s\($0): {stdin: }\n" }.joined()
        let late = Fixture.compile("pipeline: p\nsources:\n\(warnings)sinks: {out: {from: s1, stdout: }}\n---\n[]\n")
        #expect(late.diagnostics.count == 1_000)
        #expect(late.hasErrors)
    }

    @Test("are not UTF-8")
    func encoding() {
        let bytes = Array("pipeline: p\n# é".utf8) + [0xFF, 0x41]
        let result = compilePipelines(files: [PipelineFile(name: "p.yaml", bytes: bytes)], catalogue: Fixture.catalogue)
        #expect(Fixture.summary(result.diagnostics) == ["not_utf8 2:4"])
    }

    @Test("do not keep the others from being compiled")
    func others() {
        let good = "pipeline: good\nsources: {in: {stdin: }}\nsinks: {out: {stdout: }}\n"
        let result = Fixture.compile("pipeline: [\n", good)
        #expect(result.plans.map(\.name) == ["good"])
        #expect(Fixture.summary(result.diagnostics) == ["yaml_syntax 2:1"])
    }
}
