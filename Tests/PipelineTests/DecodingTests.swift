import Pipeline
import Records
import Testing

@Suite("Decoding")
struct DecodingTests {
    private func source(_ options: String) throws -> Fixture.StreamSource {
        let plan = try Fixture.plan("pipeline: p\nsources:\n  in:\n    kinesis:\n      \(options)\nsinks: {out: {stdout: }}\n")
        return try #require(plan.sources[0].component.config as? Fixture.StreamSource)
    }

    private func sink(_ options: String) throws -> Fixture.StreamSink {
        let plan = try Fixture.plan("pipeline: p\nsources: {in: {stdin: }}\nsinks: {out: {kinesis: {stream: s, \(options)}}}\n")
        return try #require(plan.sinks[0].component.config as? Fixture.StreamSink)
    }

    @Test("options that are left out keep their defaults")
    func defaults() throws {
        let config = try source("stream: orders")
        #expect(config.start == .trimHorizon)
        #expect(config.recordLimit == 10_000)
        #expect(config.idle == .seconds(2))
        let plan = try Fixture.plan("pipeline: p\nsources: {in: {stdin: }}\nsinks: {out: {stdout: }}\n")
        #expect(plan.checkpoints.kind == "sqlite")
        #expect(plan.aws.region == nil)
    }

    @Test("texts that look like something else stay texts", arguments: ["no", "on", "0777", "1.0", "12:30", "2026-01-02"])
    func texts(_ text: String) throws {
        #expect(try source("stream: \(text)").stream == text)
    }

    @Test(
        "durations",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("2s", .seconds(2)), ("5m", .seconds(300)), ("1.5", .milliseconds(1500)),
            ("1h", .seconds(3600)),
        ])
    func durations(_ text: String, _ expected: Duration) throws {
        #expect(try source("{stream: s, sleep_time_no_records: \(text)}").idle == expected)
    }

    @Test(
        "a plain number counts KiB only where async-kinesis counts KiB",
        arguments: [("64", 65_536), ("64 KiB", 65_536), ("1 MiB", 1 << 20)])
    func kibibytes(_ text: String, _ bytes: Int) throws {
        #expect(try sink("put_bandwidth_limit_per_shard: \(text)").bandwidth.size.bytes == bytes)
        let plan = try Fixture.plan("pipeline: p\nsources: {in: {stdin: }}\nsinks: {out: {file: {path: x, rotate: {size: \(text)}}}}\n")
        let file = try #require(plan.sinks[0].component.config as? Fixture.FileSink)
        #expect(file.rotate?.size?.bytes == (text == "64" ? 64 : bytes))
    }

    @Test(
        "times are RFC 3339 or seconds",
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0)), ("2026-01-02T03:04:05.678Z", 1_767_323_045_678),
            ("2026-01-02T03:04:05+02:00", 1_767_315_845_000),
            ("2000-02-29t12:00:00z", 951_825_600_000), ("1767323045.5", 1_767_323_045_500), ("1969-12-31T23:59:59Z", -1_000),
        ])
    func timestamps(_ text: String, _ milliseconds: Int64) {
        #expect(TimestampSetting(text)?.milliseconds == milliseconds)
    }

    @Test(
        "what is no time",
        arguments: [
            "", "yesterday", "2026-01-02", "2025-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:04:05",
            "nan", "-1", "2026-01-02T03:04:05.Z",
        ])
    func noTimestamps(_ text: String) {
        #expect(TimestampSetting(text) == nil)
    }

    @Test(
        "endpoints",
        arguments: [
            ("embedded", EndpointSetting.embedded), ("http://127.0.0.1:5000", .url("http://127.0.0.1:5000")),
            ("https://[::1]:4567/x", .url("https://[::1]:4567/x")),
            ("\"https://kinesis.eu-west-1.amazonaws.com\"", .url("https://kinesis.eu-west-1.amazonaws.com")),
        ])
    func endpoints(_ text: String, _ expected: EndpointSetting) throws {
        #expect(try source("{stream: s, endpoint: '\(text.replacing("\"", with: ""))'}").endpoint == expected)
    }

    @Test("what is no endpoint", arguments: ["localhost:5000", "ftp://x", "http://", "http://:80", "http://h:99999", "http://a b"])
    func noEndpoints(_ text: String) {
        let result = Fixture.compile("pipeline: p\nsources: {in: {stdin: }}\nsinks: {out: {stdout: }}\naws: {endpoint: '\(text)'}\n")
        #expect(Fixture.summary(result.diagnostics) == ["invalid_value 4:17"])
    }

    @Test("null is none for an option that may be absent")
    func null() throws {
        #expect(try sink("partition_key: null").partitionKey == nil)
    }

    @Test("docs follow from the declaration")
    func descriptions() {
        let fields = Fixture.StreamSource.fieldDescriptions
        #expect(fields.map(\.name) == ["stream", "iterator_type", "timestamp", "record_limit", "sleep_time_no_records", "endpoint"])
        #expect(fields.map(\.isRequired) == [true, false, false, false, false, false])
        #expect(fields.map(\.defaultText) == [nil, "TRIM_HORIZON", nil, "10000", "2s", nil])
        #expect(fields[1].expectation == "`TRIM_HORIZON`, `LATEST` or `AT_TIMESTAMP`")
        guard case .choice(let words) = fields[1].shape else {
            Issue.record("a choice has the shape of a choice")
            return
        }
        #expect(words == ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"])
    }

    @Test("the plan keeps options as they are written")
    func writtenOptions() throws {
        let plan = try Fixture.plan("pipeline: p\nsources: {in: {kinesis: {stream: \"${SECRET}\"}}}\nsinks: {out: {stdout: }}\n")
        #expect(plan.sources[0].component.node["stream"]?.scalar?.text == "${SECRET}")
    }
}
