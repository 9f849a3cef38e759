import Pipeline
import Processors
import Records
import Testing

@Suite("Processors in pipeline files")
struct ProcessorTests {
    private func compile(_ processors: String, using name: String) -> CompilationResult {
        Fixture.compile(
            "pipeline: p\nsources: {in: {stdin: }}\nprocessors: \(processors)\nsinks: {out: {kinesis: {stream: s, processor: \(name)}}}\n")
    }

    @Test(
        "are built in, by their names and those of async-kinesis, or the file's own",
        arguments: ["json_lines", "JsonLineProcessor", "compact"])
    func named(_ name: String) throws {
        let result = compile("{compact: {aggregator: netstring, serializer: msgpack, max_size: 50}}", using: name)
        #expect(Fixture.summary(result.diagnostics) == [])
        let plan = try #require(result.plans.first)
        let config = try #require(plan.sinks[0].component.config as? Fixture.StreamSink)
        #expect(config.processor.name == (name == "compact" ? "compact" : "json_lines"))
        #expect(plan.processors["compact"]?.maxSize == .kibibytes(50))
        #expect(plan.processors["compact"]?.aggregator == .netstring)
    }

    @Test(
        "that cannot be are reported",
        arguments: [
            ("{}", "json_line", "unknown_processor 4:47", "did you mean `json_lines`?"),
            ("{compact: {aggregator: netstring, serializer: json}}", "compat", "unknown_processor 4:47", "did you mean `compact`?"),
            ("{x: {aggregator: netsting, serializer: json}}", "x", "invalid_value 3:30", "did you mean `netstring`?"),
            ("{x: {aggregator: list}}", "x", "missing_key 3:14", nil),
            ("{x: {aggregator: list, serializer: msgpack}}", "x", "unsupported_pair 3:30", nil),
            ("{x: {aggregator: list, serializer: json, max_size: 10 MiB}}", "x", "invalid_max_size 3:64", nil),
            ("{json: {aggregator: list, serializer: json}}", "json", "duplicate_name 3:14", "give yours another name"),
            ("[x]", "json", "wrong_type 3:13", nil),
        ] as [(String, String, String, String?)])
    func errors(_ processors: String, _ name: String, _ expected: String, _ hint: String?) {
        let result = compile(processors, using: name)
        #expect(Fixture.summary(result.diagnostics) == [expected])
        if let hint { #expect(result.diagnostics.first?.hint == hint) }
    }
}
