import Pipeline
import Testing

@testable import Emulator

@Suite("Fault files")
struct FaultFileTests {
    @Test("The file of the documentation is read")
    func documented() throws {
        let configuration = try faults(
            """
            seed: 42
            faults:
              - operation: PutRecords            # one, a list, or "*"
                stream: orders                   # optional, as is shard:
                probability: 0.2                 # or every: 50 (requests); after: 10s and until: 60s narrow either
                effect: {fail_records: {fraction: 0.1, code: ProvisionedThroughputExceededException}}
              - {operation: GetRecords, every: 100, effect: {error: ExpiredIteratorException}}
            """)
        #expect(configuration.seed == 42)
        #expect(configuration.rules.count == 2)
        #expect(configuration.rules[0].operation == .some(["PutRecords"]))
        #expect(configuration.rules[0].stream == "orders")
        #expect(configuration.rules[0].probability == 0.2)
        #expect(configuration.rules[0].effect == .failRecords(FailedRecords(fraction: 0.1)))
        #expect(configuration.rules[1].every == 100)
        #expect(configuration.rules[1].effect == .error(ErrorReply(code: "ExpiredIteratorException")))
    }

    @Test(
        "Every effect is read",
        arguments: [
            ("{error: {code: InternalFailure, status: 502}}", FaultEffect.error(ErrorReply(code: "InternalFailure", status: 502))),
            ("{latency: 250ms}", .latency(.milliseconds(250))), ("{timeout: applied}", .timeout(.applied)),
            ("{timeout: not_applied}", .timeout(.notApplied)), ("{cut: before}", .cut(.before)), ("{cut: after}", .cut(.after)),
            ("{cut: body}", .cut(.body)), ("empty", .empty), ("{empty: true}", .empty), ("{stale: }", .stale), ("stale", .stale),
            ("omit_children", .omitChildren), ("{corrupt: {}}", .corrupt),
        ])
    func effects(text: String, effect: FaultEffect) throws {
        #expect(try faults("faults: [{operation: \"*\", effect: \(text)}]").rules.map(\.effect) == [effect])
    }

    @Test(
        "What is wrong is said where it is",
        arguments: [
            ("faults: [{operation: PutRecord_, effect: empty}]", "unknown_operation", 21, "PutRecord"),
            ("faults: [{operation: [GetRecords, 1], effect: empty}]", "unknown_operation", 34, nil),
            ("faults: [{operation: GetRecords, efect: empty, effect: empty}]", "unknown_key", 33, "effect"),
            ("faults: [{operation: GetRecords}]", "missing_key", 9, nil),
            ("faults: [{operation: GetRecords, effect: emtpy}]", "invalid_value", 41, "empty"),
            ("faults: [{operation: GetRecords, effect: {latncy: 1s}}]", "unknown_key", 42, "latency"),
            ("faults: [{operation: GetRecords, effect: latency}]", "invalid_value", 41, "takes a value"),
            ("faults: [{operation: GetRecords, effect: {latency: soon}}]", "wrong_type", 51, nil),
            ("faults: [{operation: GetRecords, effect: {cut: middle}}]", "invalid_value", 47, nil),
            ("faults: [{operation: GetRecords, effect: stale}]", "invalid_value", 41, "ListShards"),
            ("faults: [{operation: GetRecords, probability: 1.5, effect: empty}]", "invalid_value", 46, nil),
            ("faults: [{operation: GetRecords, every: 0, effect: empty}]", "invalid_value", 40, nil),
            ("faults: [{operation: GetRecords, every: 2, probability: 0.5, effect: empty}]", "conflict", 40, nil),
            ("faults: [{operation: GetRecords, after: 5s, until: 5s, effect: empty}]", "invalid_value", 51, nil),
            ("faults: [{operation: GetRecords, shard: one, effect: empty}]", "invalid_value", 40, "shardId-000000000000"),
            ("faults: [{operation: PutRecords, effect: {fail_records: {fraction: 2}}}]", "invalid_value", 67, nil),
            ("seed: -1\nfaults: []", "invalid_value", 6, nil), ("seed: 1", "missing_key", 0, nil), ("", "missing_key", 0, nil),
        ])
    func mistakes(text: String, code: String, offset: Int, hint: String?) throws {
        let (value, diagnostics) = FaultConfiguration.decode(PipelineFile(name: "faults.yaml", text: text))
        #expect(value == nil)
        let diagnostic = try #require(diagnostics.first)
        #expect(diagnostics.count == 1, "\(diagnostics)")
        #expect(diagnostic.code == code)
        #expect(diagnostic.location?.line == 1)
        #expect(diagnostic.location?.column == offset + 1)
        if let hint { #expect(diagnostic.hint?.contains(hint) == true, "\(diagnostic.hint ?? "no hint")") }
    }

    @Test("Broken YAML, two documents and a missing file are errors, not crashes")
    func unreadable() {
        for text in ["faults: [", "\t", "faults: []\n---\nfaults: []", "\u{0}"] {
            let (value, diagnostics) = FaultConfiguration.decode(PipelineFile(name: "faults.yaml", text: text))
            #expect(value == nil)
            #expect(!diagnostics.isEmpty)
        }
        let (value, diagnostics, _) = FaultConfiguration.load(path: "/none/faults.yaml")
        #expect(value == nil)
        #expect(diagnostics.map(\.code) == ["unreadable_file"])
    }
}
