import Pipeline
import Testing

@Suite("Graph")
struct GraphTests {
    static let end = "sinks: {out: {stdout: }}\n"

    @Test("without `from`, a chain is read from top to bottom")
    func defaults() throws {
        let plan = try Fixture.plan(
            """
            pipeline: p
            sources: {in: {stdin: }}
            transforms:
              a: {steps: []}
              b: {steps: [filter: record.x > 1]}
            sinks: {out: {stdout: }, copy: {stdout: , from: in}}
            """)
        #expect(plan.transforms.map(\.name) == ["a", "b"])
        #expect(plan.transforms.map(\.inputs) == [[NodeReference("in")], [NodeReference("a")]])
        #expect(plan.sinks.map(\.inputs) == [[NodeReference("b")], [NodeReference("in")]])
        #expect(plan.sources[0].consumers == [.transform(0), .sink(1)])
        #expect(plan.transforms[0].consumers == [.transform(1)])
        #expect(plan.transforms[1].consumers == [.sink(0)])
    }

    @Test("a sink reads the only source where there are no transforms")
    func sinkReadsSource() throws {
        let plan = try Fixture.plan("pipeline: p\nsources: {in: {stdin: }}\n\(Self.end)")
        #expect(plan.sinks[0].inputs == [NodeReference("in")])
    }

    @Test("transforms come after what they read, whatever their place in the file")
    func order() throws {
        let plan = try Fixture.plan(
            """
            pipeline: p
            sources: {in: {stdin: }}
            transforms:
              last: {from: [middle, first], steps: []}
              middle: {from: first, steps: []}
              first: {from: in, steps: []}
            sinks: {out: {stdout: , from: last}}
            """)
        #expect(plan.transforms.map(\.name) == ["first", "middle", "last"])
        #expect(plan.transforms[0].consumers == [.transform(1), .transform(2)])
        #expect(plan.transforms[2].consumers == [.sink(0)])
    }

    @Test("routes are outputs of their own, in their order")
    func routes() throws {
        let plan = try Fixture.plan(
            """
            pipeline: p
            sources: {in: {stdin: }}
            transforms:
              by_size: {steps: [route: {large: record.total > 1000.0, small: default}]}
            sinks:
              a: {from: by_size.large, stdout: }
              b: {from: [by_size.small, by_size.large], stdout: }
            """)
        #expect(plan.transforms[0].consumers.isEmpty)
        #expect(plan.transforms[0].routes.map(\.name) == ["large", "small"])
        #expect(plan.transforms[0].routes.map(\.consumers) == [[.sink(0), .sink(1)], [.sink(1)]])
        #expect(plan.sinks[1].inputs.map(\.description) == ["by_size.small", "by_size.large"])
    }

    static let routed = "transforms: {t: {steps: [route: {big: 'true', small: 'true'}]}}\n"
    static let head = "pipeline: p\nsources: {in: {stdin: }}\n"
    static let two = "pipeline: p\nsources: {a: {stdin: }, b: {stdin: }}\n"

    @Test(
        "what cannot be is reported",
        arguments: [
            ("two sources, one reader", two + end, ["ambiguous_from 3:9"], "add `from:` with `a` or `b`"),
            (
                "two sources, a transform", two + "transforms: {t: {steps: []}}\n" + end, ["ambiguous_from 3:14"],
                "add `from:` with `a` or `b`"
            ),
            ("routes without a choice", head + routed + end, ["ambiguous_from 4:9"], "add `from:` with `t.big` or `t.small`"),
            (
                "a routed node as a whole", head + routed + "sinks: {out: {from: t, stdout: }}\n", ["ambiguous_from 4:21"],
                "write `t.big` or `t.small`"
            ),
            (
                "a route that is not there", head + routed + "sinks: {out: {from: t.bg, stdout: }}\n", ["unknown_route 4:21"],
                "did you mean `t.big`?"
            ),
            ("a route of a plain node", head + "sinks: {out: {from: in.x, stdout: }}\n", ["unknown_route 3:21"], "write `in`"),
            ("a name that is not there", head + "sinks: {out: {from: inn, stdout: }}\n", ["unknown_node 3:21"], "did you mean `in`?"),
            ("a sink as input", head + "sinks: {a: {stdout: }, b: {from: a, stdout: }}\n", ["unknown_node 3:34"], "there is `in`"),
            ("a node twice", head + "sinks: {out: {from: [in, in], stdout: }}\n", ["duplicate_input 3:26"], nil),
            ("nothing", head + "sinks: {out: {from: [], stdout: }}\n", ["missing_input 3:21"], "name a node, or leave `from` out"),
            ("a mapping", head + "sinks: {out: {from: {in: 1}, stdout: }}\n", ["wrong_type 3:21"], nil),
            ("one name in two sections", head + "sinks: {in: {stdout: }}\n", ["duplicate_name 3:9"], nil),
            (
                "steps after a route", head + "transforms: {t: {steps: [route: {a: 'true'}, filter: 'true']}}\n" + end,
                ["misplaced_route 3:26"],
                "put the steps after it into transforms that read its routes"
            ),
        ] as [(String, String, [String], String?)])
    func errors(_ name: String, _ text: String, _ expected: [String], _ hint: String?) {
        let result = Fixture.compile(text)
        #expect(Fixture.summary(result.diagnostics) == expected)
        #expect(result.diagnostics.first?.hint == hint)
        #expect(result.plans.isEmpty)
    }

    @Test("a circle is printed in the direction of the records, once")
    func circle() {
        let result = Fixture.compile(
            """
            pipeline: p
            sources: {in: {stdin: }}
            transforms:
              a: {from: [in, c], steps: []}
              b: {from: a, steps: []}
              c: {from: b, steps: []}
              self: {from: self, steps: []}
            sinks: {out: {stdout: , from: c}}
            """)
        #expect(Fixture.summary(result.diagnostics) == ["circular_from 4:18", "circular_from 7:16"])
        #expect(result.diagnostics[0].message.hasSuffix("a → b → c → a"))
        #expect(result.diagnostics[1].message.hasSuffix("self → self"))
    }

    @Test("nodes and routes that nobody reads are warnings, and the plan is made")
    func unread() {
        let result = Fixture.compile(
            """
            pipeline: p
            sources: {in: {stdin: }, idle: {stdin: }}
            transforms:
              t: {from: in, steps: [route: {big: 'true', small: 'true'}]}
              alone: {from: in, steps: []}
            sinks: {out: {stdout: , from: t.big}}
            """)
        #expect(Fixture.summary(result.diagnostics) == ["~unread_node 2:26", "~unread_route 4:3", "~unread_node 5:3"])
        #expect(result.plans.count == 1)
    }

    @Test("a node is not called unread while its reader is misspelt")
    func noSecondaryWarnings() {
        let result = Fixture.compile("pipeline: p\nsources: {orders: {stdin: }}\nsinks: {out: {from: order, stdout: }}\n")
        #expect(Fixture.summary(result.diagnostics) == ["unknown_node 3:21"])
    }

    @Test("a transform whose last step is wrong is neither called unread nor without routes")
    func unknownRoutes() {
        let result = Fixture.compile(
            Self.head + "transforms: {t: {steps: [rute: {big: 'true'}]}}\nsinks: {out: {from: t.big, stdout: }}\n")
        #expect(Fixture.summary(result.diagnostics) == ["unknown_kind 3:26"])
    }

    @Test("thousands of nodes are compiled in no more than thousands of steps")
    func large() throws {
        let names = (0..<5_000).map { "k\($0)" }
        let sources = names.map { "  \($0): {stdin: }\n" }.joined()
        let plan = try Fixture.plan("pipeline: p\nsources:\n\(sources)sinks: {out: {stdout: , from: [\(names.joined(separator: ","))]}}\n")
        #expect(plan.sinks[0].inputs.count == 5_000)
        let transforms = names.map { "  \($0): {steps: []}\n" }.joined()
        let chain = try Fixture.plan(Self.head + "transforms:\n" + transforms + Self.end)
        #expect(chain.transforms.last?.consumers == [.sink(0)])
    }

    @Test("a stream is read once in a pipeline")
    func sharedStream() {
        let result = Fixture.compile(
            """
            pipeline: p
            sources:
              a: {kinesis: {stream: orders}}
              b: {kinesis: {stream: "${STREAM}"}}
            sinks: {out: {stdout: , from: [a, b]}}
            """)
        #expect(Fixture.summary(result.diagnostics) == ["duplicate_source 4:3"])
        #expect(result.diagnostics[0].related.map(\.location.description) == ["p.yaml:3:3"])
    }

    @Test("steps that say nothing about failures use the dead letter where there is one")
    func onError() throws {
        let steps = "transforms: {t: {steps: [filter: 'true', {sample: {rate: 0.5}, on_error: keep}]}}\n"
        let without = try Fixture.plan(Self.head + steps + Self.end)
        #expect(without.onError == .stop)
        #expect(without.transforms[0].steps.map(\.onError) == [.stop, .keep])
        #expect(without.deadLetter == nil)
        let with = try Fixture.plan(Self.head + steps + Self.end + "dead_letter: {file: {path: dead}}\n")
        #expect(with.onError == .deadLetter)
        #expect(with.transforms[0].steps.map(\.onError) == [.deadLetter, .keep])
        #expect(with.deadLetter?.kind == "file")
    }

    @Test("names of pipelines are unique over documents and files")
    func pipelineNames() {
        let one = Self.head + Self.end
        let result = Fixture.compile(one + "---\n" + one, one)
        #expect(Fixture.summary(result.diagnostics) == ["duplicate_pipeline 5:11", "duplicate_pipeline 1:11"])
        #expect(result.diagnostics.compactMap(\.location?.file) == ["p.yaml", "p2.yaml"])
        let other = one.replacing("pipeline: p", with: "pipeline: q")
        #expect(Fixture.compile(one + "---\n" + other).plans.map(\.name) == ["p", "q"])
    }
}
