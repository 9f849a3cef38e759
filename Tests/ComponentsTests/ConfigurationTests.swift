import Kinesis
import Logging
import Pipeline
import Testing

@testable import Components

@Suite("The options of components")
struct ConfigurationTests {
    static let sinkProblems: [(String, [String])] = [
        ("{file: {path: out, processor: kpl_json}}", ["unsupported_processor 5:37"]),
        ("{stdout: {processor: kpl_raw}}", ["unsupported_processor 5:28"]),
        ("{file: {path: 'a-{record.x}'}}", ["unsupported_path 5:21"]),
        ("{file: {path: 'a-%Q'}}", ["invalid_value 5:21"]),
        ("{file: {path: 'a-%'}}", ["invalid_value 5:21"]),
        ("{file: {path: 'a-%Y%m%d%%'}}", []),
        ("{file: {path: logs/}}", ["invalid_value 5:21"]),
        ("{file: {path: ''}}", ["invalid_value 5:21"]),
        ("{kinesis: {stream: 'a b'}}", ["invalid_value 5:26"]),
        ("{kinesis: {stream: s, batch_size: 501}}", ["out_of_range 5:41"]),
        ("{kinesis: {stream: s, max_in_flight: 0, shards: 0}}", ["out_of_range 5:44", "out_of_range 5:55"]),
    ]

    @Test("of a sink are checked, each at its place", arguments: sinkProblems)
    func sinks(node: String, problems: [String]) {
        #expect(Config.problems(node) == problems)
    }

    static let sourceProblems: [(String, [String])] = [
        ("{file: {include: []}}", ["out_of_range 5:24"]),
        ("{file: {include: [x], processor: msgpack}}", ["unsupported_processor 5:40"]),
        ("{stdin: {processor: kpl_json}}", ["unsupported_processor 5:27"]),
        ("{stdin: {max_line: 0}}", ["out_of_range 5:26"]),
        ("{kinesis: {stream: s, record_limit: 0}}", ["out_of_range 5:43"]),
        ("{kinesis: {stream: s, shard_fetch_rate: 6}}", ["out_of_range 5:47"]),
        ("{kinesis: {stream: s, iterator_type: AT_TIMESTAMP}}", ["missing_key 5:44"]),
        ("{kinesis: {stream: s, timestamp: 5}}", ["conflicting_keys 5:40"]),
    ]

    @Test("of a source are checked, each at its place", arguments: sourceProblems)
    func sources(node: String, problems: [String]) {
        #expect(Config.problems(node, section: "sources") == problems)
    }

    static let storeProblems: [(String, [String])] = [
        ("{url: 'redis://h:1/2'}", []),
        ("{url: [redis://a, redis://b], cluster: true}", []),
        ("{}", []),
        ("{url: 'http://h'}", ["invalid_value 5:16"]),
        ("{url: [redis://a, h]}", ["invalid_value 5:28"]),
        ("{url: []}", ["out_of_range 5:16"]),
        ("{url: [redis://a, rediss://b]}", ["conflicting_keys 5:28"]),
        ("{url: redis://h/2, cluster: true}", ["invalid_value 5:16"]),
        ("{url: redis://h, ca_file: ca.pem}", ["conflicting_keys 5:36"]),
        ("{url: rediss://h, cert_file: c.pem}", ["missing_key 5:39"]),
        ("{url: rediss://h, cert_file: c.pem, key_file: k.pem, ca_file: ca.pem}", []),
        ("{layout: python}", ["invalid_value 5:19"]),
        ("{layout: async-kinesis, name: 'a{b'}", ["invalid_value 5:40"]),
        ("{session_timeout: 10s, heartbeat_frequency: 6s}", ["out_of_range 5:54"]),
    ]

    @Test("of the Redis store are checked, each at its place", arguments: storeProblems)
    func stores(node: String, problems: [String]) {
        #expect(Config.storeProblems(node) == problems)
    }

    @Test("are all declared: each property of a configuration is a field with a sentence")
    func everyPropertyHasAField() {
        let declarations =
            Sources.all.map { $0.declaration } + Sinks.all.map { $0.declaration } + Stores.all.map { $0.declaration }
        for declaration in declarations {
            let properties = Mirror(reflecting: declaration.makeDefault()).children.compactMap(\.label).map(Self.snakeCase)
            #expect(Set(properties) == Set(declaration.fields.map(\.name)), "\(declaration.kind)")
            #expect(declaration.summary.hasSuffix("."))
            for field in declaration.fields { #expect(field.summary.hasSuffix("."), "\(declaration.kind).\(field.name)") }
        }
    }

    private static func snakeCase(_ name: String) -> String {
        name.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
    }

    @Test("make nodes with the same identity and place share one client")
    func clients() async throws {
        let clients = KinesisClients(defaults: .init(endpoint: .embedded), embeddedURL: "http://127.0.0.1:1", logger: .silent)
        let first = try await clients.client()
        #expect(try await clients.client(endpoint: .embedded) === first)
        #expect(try await clients.client(region: "eu-west-1") !== first)
    }
}
