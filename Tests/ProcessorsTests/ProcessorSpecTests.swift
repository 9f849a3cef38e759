import Processors
import Records
import Testing

@Suite struct ProcessorSpecTests {
    @Test(
        "the classes of async-kinesis are found by their names",
        arguments: [
            ("StringProcessor", "string"), ("JsonProcessor", "json"), ("JsonLineProcessor", "json_lines"),
            ("JsonListProcessor", "json_list"),
            ("MsgpackProcessor", "msgpack"), ("KPLJsonProcessor", "kpl_json"), ("KPLStringProcessor", "kpl_string"),
        ])
    func pythonNames(python: String, name: String) throws {
        let spec = try #require(ProcessorSpec.builtIn(named: python))
        #expect(spec.name == name)
        #expect(ProcessorSpec.builtIn(named: name) == spec)
    }

    @Test("an unknown name is none") func unknown() {
        #expect(ProcessorSpec.builtIn(named: "yaml") == nil)
    }

    @Test(
        "limits are rounded down to payload units of 25 KiB",
        arguments: [(25, 25_600), (26, 25_600), (49, 25_600), (50, 51_200), (1000, 1_024_000), (1024, 1_024_000)])
    func rounding(kibibytes: Int, limit: Int) throws {
        let spec = try ProcessorSpec("own", aggregator: .newline, serializer: .json, maxSize: .kibibytes(kibibytes))
        #expect(spec.maxSize.bytes == limit)
    }

    @Test("limits out of range are refused", arguments: [ByteSize(bytes: 0), .kibibytes(24), .kibibytes(1025), .mebibytes(10)])
    func outOfRange(size: ByteSize) {
        let error = #expect(throws: ProcessorError.self) { try ProcessorSpec("own", aggregator: .simple, serializer: .json, maxSize: size) }
        #expect(error?.code == .invalidMaxSize)
        #expect(error?.hint != nil)
    }

    @Test("KPL and raw bytes have limits in bytes") func byteLimits() throws {
        #expect(ProcessorSpec.builtIn(named: "kpl_json")?.maxSize.bytes == 1_048_576)
        #expect(ProcessorSpec.builtIn(named: "raw")?.maxSize.bytes == 1_048_576)
        #expect(ProcessorSpec.builtIn(named: "json")?.maxSize.bytes == 1_024_000)
        #expect(try ProcessorSpec("own", aggregator: .kpl, serializer: .json, maxSize: ByteSize(bytes: 700)).maxSize.bytes == 700)
        #expect(throws: ProcessorError.self) { try ProcessorSpec("own", aggregator: .kpl, serializer: .json, maxSize: .mebibytes(11)) }
    }

    @Test(
        "pairs that could not be read back are refused",
        arguments: [(.list, .string), (.list, .msgpack), (.list, .raw), (.newline, .msgpack)] as [(AggregatorKind, SerializerKind)])
    func pairs(aggregator: AggregatorKind, serializer: SerializerKind) {
        let error = #expect(throws: ProcessorError.self) { try ProcessorSpec("own", aggregator: aggregator, serializer: serializer) }
        #expect(error?.code == .unsupportedPair)
    }
}
