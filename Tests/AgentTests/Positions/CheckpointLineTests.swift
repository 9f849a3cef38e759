import Coordination
import Records
import Testing

@testable import Agent

@Suite("Positions as people read and write them")
struct CheckpointLineTests {
    private static func at(_ digits: String, _ index: Int? = nil) -> Position { .sequence(SequenceNumber(digits)!, subSequence: index) }

    @Test(
        "have one text each, which reads back",
        arguments: [
            (Position.trimHorizon, "TRIM_HORIZON"), (.shardEnd, "SHARD_END"),
            (.timestamp(1_767_323_045_678), "AT_TIMESTAMP 2026-01-02T03:04:05.678Z"),
            (at("4960"), "4960"), (at("4960", 2), "4960/2"), (at("0"), "0"),
        ])
    func texts(_ position: Position, _ text: String) {
        #expect(position.text == text)
        #expect(Position(text: text) == position)
    }

    @Test(
        "are nothing else",
        arguments: ["", "LATEST", "trim_horizon", "-1", "01", "5/", "5/-1", "5/1/2", "AT_TIMESTAMP", "AT_TIMESTAMP soon", "5 6"])
    func noPosition(_ text: String) {
        #expect(Position(text: text) == nil)
    }

    static let lines: [(CheckpointLine, String)] = [
        (
            .start(scope: "orders", GroupStart(position: .timestamp(0), identity: "x")),
            #"{"source":"orders","start":"AT_TIMESTAMP 1970-01-01T00:00:00.000Z","stream_created":"x"}"#
        ),
        (
            .shard(scope: "orders", NewLease(shard: "shardId-000000000001", position: at("7", 1), parents: ["a", "b"], hashRange: .all)),
            #"{"source":"orders","shard":"shardId-000000000001","position":"7/1","parents":["a","b"],"first_hash_key":"0","last_hash_key":"340282366920938463463374607431768211455"}"#
        ),
        (
            .shard(scope: "file:logs", NewLease(shard: "1-2", position: at("99"), detail: "/var/log/é.log")),
            #"{"source":"file:logs","shard":"1-2","position":"99","detail":"/var/log/é.log"}"#
        ),
    ]

    @Test("stand in lines of JSON that read back", arguments: lines)
    func roundTrip(_ line: CheckpointLine, _ json: String) throws {
        #expect(String(decoding: try line.json(), as: UTF8.self) == json + "\n")
        #expect(try CheckpointLine(json: Array(json.utf8), line: 1) == line)
    }

    @Test("an owner is told to people and means nothing to an import")
    func owner() throws {
        let (line, json) = Self.lines[2]
        let told = try line.json(owner: "host:1")
        #expect(String(decoding: told, as: UTF8.self) == String(json.dropLast()) + #","owner":"host:1"}"# + "\n")
        #expect(try CheckpointLine(json: told, line: 1) == line)
    }

    @Test(
        "a line that is wrong is told by its number and what is wrong with it",
        arguments: [
            ("oops", "no JSON"), ("[]", "no JSON object"), (#"{"shard":"s","position":"1"}"#, "no `source`"),
            (#"{"source":"o"}"#, "neither"), (#"{"source":"o","shard":"s"}"#, "neither"),
            (#"{"source":"o","shard":"s","position":"LATEST"}"#, "`LATEST`"), (#"{"source":"o","shard":"s","position":5}"#, "`position`"),
            (#"{"source":"o","shard":"s","position":"5","parents":"p"}"#, "`parents`"),
            (#"{"source":"o","shard":"s","position":"5","parents":[1]}"#, "`parents`"),
            (#"{"source":"o","shard":"s","position":"5","first_hash_key":"9","last_hash_key":"1"}"#, "hash keys"),
            (#"{"source":"o","shard":"s","positon":"5"}"#, "`positon`"),
        ])
    func wrong(_ json: String, _ part: String) {
        let failure = #expect(throws: Failure.self) { try CheckpointLine(json: Array(json.utf8), line: 7) }
        #expect(failure?.code == "checkpoint_line_invalid")
        #expect(failure?.message.hasPrefix("line 7 ") == true)
        #expect(failure?.message.contains(part) == true, "\(String(describing: failure))")
    }
}
