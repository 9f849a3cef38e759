import Foundation
import JSON
import Logging
import NIOCore
import NIOHTTP1
import OrderedCollections
import Records
import Wire

@testable import Emulator

/// The service without its sockets, on a clock that stands still until it is told to go.
final class TestService: Sendable {
    let dispatcher: Dispatcher
    let clock = ManualClock()

    init(
        store: any StreamStore = MemoryStore(), stateChangeMilliseconds: Int64 = 0, quotas: Bool = false, faults: FaultConfiguration? = nil
    ) {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let streams = Streams(accountID: "000000000000", region: "us-east-1", stateChangeMilliseconds: stateChangeMilliseconds)
        let engine = StreamEngine(streams: streams, store: store, clock: clock, enforcesQuotas: quotas, logger: logger)
        dispatcher = Dispatcher(
            engine: engine, faults: FaultSwitch(faults, clock: clock), requestIDs: RequestIDs(seed: 1), logger: logger)
    }

    func advance(milliseconds: Int64) {
        clock.advance(by: .milliseconds(milliseconds))
    }

    /// What is answered; no reply at all where a fault keeps it away.
    func reply(_ operation: String, _ body: String) async -> ServiceReply {
        switch await answer(operation, body) {
        case .reply(let reply), .cutReply(let reply): reply
        case .events, .hangUp, .silence: ServiceReply(status: .custom(code: 0, reasonPhrase: ""), body: [])
        }
    }

    func answer(_ operation: String, _ body: String) async -> Answer {
        await answer(operation, ByteBuffer(string: body), .json)
    }

    func answer(_ operation: String, _ body: ByteBuffer, _ format: WireFormat) async -> Answer {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")
        head.headers.add(name: "Content-Type", value: format.rawValue)
        head.headers.add(name: "X-Amz-Target", value: "Kinesis_20131202.\(operation)")
        return await dispatcher.answer(head, body: body, from: nil)
    }

    /// The members of a reply; those of the error where it is one.
    @discardableResult
    func call(_ operation: String, _ body: String) async throws -> Value {
        let reply = await reply(operation, body)
        return reply.body.isEmpty ? .null : try JSON.parse(reply.body)
    }

    func put(_ keys: [String], hashKey: String? = nil, data: String = "AA==") async throws -> Value {
        let hashKey = hashKey.map { ",\"ExplicitHashKey\":\"\($0)\"" } ?? ""
        let records = keys.map { "{\"PartitionKey\":\"\($0)\",\"Data\":\"\(data)\"\(hashKey)}" }
        return try await call("PutRecords", "{\"StreamName\":\"s\",\"Records\":[\(records.joined(separator: ","))]}")
    }

    func iterator(_ shard: Int = 0, _ type: String = "TRIM_HORIZON", _ more: String = "") async throws -> Value {
        let body = "{\"StreamName\":\"s\",\"ShardId\":\"\(ShardState.id(shard))\",\"ShardIteratorType\":\"\(type)\"\(more)}"
        return try await call("GetShardIterator", body)
    }

    func read(_ iterator: Value, limit: Int = 10_000) async throws -> Value {
        try await call("GetRecords", "{\"ShardIterator\":\"\(iterator.text ?? "")\",\"Limit\":\(limit)}")
    }

    /// Everything in a shard from a place on; `next` is null at the shard's end.
    func readAll(_ shard: Int, limit: Int = 10_000) async throws -> (keys: [String], last: Value) {
        var place = try await iterator(shard)["ShardIterator"]
        var keys: [String] = []
        while true {
            let reply = try await read(place, limit: limit)
            keys += reply["Records"].elements.compactMap { $0["PartitionKey"].text }
            place = reply["NextShardIterator"]
            if place == .null || reply["MillisBehindLatest"] == .int(0) { return (keys, reply) }
        }
    }
}

extension Value {
    /// A member of a map, null without one.
    subscript(_ name: String) -> Value {
        if case .map(let map) = self { map[name] ?? .null } else { .null }
    }

    var elements: [Value] {
        if case .list(let elements) = self { elements } else { [] }
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
