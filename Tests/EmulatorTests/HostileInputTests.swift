import NIOHTTP1
import Records
import Testing

@testable import Emulator

@Suite("Hostile input")
struct HostileInputTests {
    /// Values that fit somewhere or nowhere: each is tried in every member of every operation.
    private static let values = [
        "null", "true", "0", "-1", "1", "2147483648", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e308",
        "-1e308",
        "0.5", "1800000000.25", "NaN", "\"\"", "\"s\"", "\"0\"", "\"340282366920938463463374607431768211455\"",
        "\"999999999999999999999999999999999999999\"", "\"AAAA\"", "\"shardId-000000000000\"", "\"shardId--00000000001\"",
        "\"shardId-9223372036854775807\"", "\"49179999999999999999999999999999999999999999999999999999\"", "\"TRIM_HORIZON\"",
        "\"AT_TIMESTAMP\"",
        "\"AT_SEQUENCE_NUMBER\"", "\"arn:aws:kinesis:us-east-1:000000000000:stream/s\"", "\"arn:aws:kinesis:::stream/\"",
        "\"\\u0000\\ud83d\\ude00\"",
        "[]", "[{}]", "[null]", "[{\"Data\":\"AA==\",\"PartitionKey\":\"k\"}]", "{}", "{\"Type\":\"AT_TIMESTAMP\",\"Timestamp\":-1}",
        "{\"Type\":\"AFTER_SHARD_ID\",\"ShardId\":\"shardId--00000000001\"}", "{\"StreamMode\":\"ON_DEMAND\"}",
    ]

    @Test("Whatever the members hold, the answer is a reply or an error of the API", arguments: Operations.all.map { $0.name })
    func members(operation: String) async throws {
        let service = TestService()
        let declared = try #require(Operations.byName[operation]).input.map(\.name)
        var random = SplitMix64(seed: 1)
        for value in 0..<300 {
            if value % 100 == 0 { try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}") }
            let members = declared.compactMap { name in
                Int.random(in: 0..<3, using: &random) == 0 ? nil : "\"\(name)\":\(Self.values.randomElement(using: &random) ?? "0")"
            }
            let reply = await service.reply(operation, "{\(members.joined(separator: ","))}")
            #expect([200, 400].contains(reply.status.code), "\(members)")
        }
    }

    @Test("Whatever becomes of the bytes of a request, the answer is a reply or an error of the API")
    func bytes() async throws {
        let service = TestService()
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
        let valid = Array(
            "{\"StreamName\":\"s\",\"Records\":[{\"Data\":\"aGVsbG8=\",\"PartitionKey\":\"k\",\"ExplicitHashKey\":\"7\"}]}".utf8)
        var random = SplitMix64(seed: 2)
        for _ in 0..<1_000 {
            var changed = valid
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let position = Int.random(in: changed.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[position] = UInt8.random(in: 0...127, using: &random)
                case 1: changed.remove(at: position)
                default: changed.insert(changed[position], at: position)
                }
            }
            let reply = await service.reply("PutRecords", String(decoding: changed, as: UTF8.self))
            #expect([200, 400].contains(reply.status.code))
        }
    }
}
