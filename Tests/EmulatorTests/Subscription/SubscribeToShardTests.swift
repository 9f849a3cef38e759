import NIOCore
import Records
import Synchronization
import Testing
import Wire

@testable import Emulator

@Suite("SubscribeToShard")
struct SubscribeToShardTests {
    /// A subscription that runs, and the frames that come from it.
    private final class Running: Sendable {
        let task: Task<Void, any Error>
        private let chunks: AsyncStream<[UInt8]>
        private let state = Mutex(FrameReader())

        init(_ subscription: Subscription) {
            let (chunks, continuation) = AsyncStream.makeStream(of: [UInt8].self)
            self.chunks = chunks
            task = Task {
                defer { continuation.finish() }
                try await subscription.run { continuation.yield($0) }
            }
        }

        /// The next frame; nil at the stream's end.
        func frame() async throws -> FrameReader.Frame? {
            while true {
                if let frame = try state.withLock({ try $0.next() }) { return frame }
                var iterator = chunks.makeAsyncIterator()
                guard let chunk = await iterator.next() else { return nil }
                state.withLock { $0.take(chunk) }
            }
        }

        /// Bytes of a frame that never became whole.
        var rest: Int { state.withLock { $0.rest } }
    }

    private func service(shards: Int = 1, quotas: Bool = false, rule: String? = nil) async throws -> (TestService, consumer: String) {
        let service = TestService(quotas: quotas, faults: try rule.map { try faults("faults: [\($0)]") })
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":\(shards)}")
        let registered = try await service.call(
            "RegisterStreamConsumer", "{\"StreamARN\":\"arn:aws:kinesis:us-east-1:000000000000:stream/s\",\"ConsumerName\":\"c\"}")
        return (service, try #require(registered["Consumer"]["ConsumerARN"].text))
    }

    private func subscribe(
        _ service: TestService, _ consumer: String, _ position: String = "{\"Type\":\"TRIM_HORIZON\"}", shard: Int = 0
    ) async throws -> Running {
        let body = "{\"ConsumerARN\":\"\(consumer)\",\"ShardId\":\"\(ShardState.id(shard))\",\"StartingPosition\":\(position)}"
        switch await service.answer("SubscribeToShard", body) {
        case .events(let subscription):
            let running = Running(subscription)
            #expect(try await running.frame()?.type == "initial-response")
            return running
        case .reply(let reply):
            throw ServiceError(code: String(decoding: reply.body, as: UTF8.self), message: "")
        default:
            throw ServiceError.internalFailure
        }
    }

    @Test("Records come as they are put, without the clock going on, and the continuation leads on from there")
    func pushing() async throws {
        let (service, consumer) = try await service()
        _ = try await service.put(["a", "b"])
        let running = try await subscribe(service, consumer)
        let first = try #require(try await running.frame())
        #expect(first.keys == ["a", "b"])
        #expect(first.payload["MillisBehindLatest"] == .int(0))
        #expect(first.payload["ContinuationSequenceNumber"] == first.payload["Records"].elements[1]["SequenceNumber"])
        _ = try await service.put(["c"])
        #expect(try await running.frame()?.keys == ["c"])
        service.advance(milliseconds: 5_000)
        let continuation = first.payload["ContinuationSequenceNumber"].text ?? ""
        let next = try await subscribe(service, consumer, "{\"Type\":\"AFTER_SEQUENCE_NUMBER\",\"SequenceNumber\":\"\(continuation)\"}")
        #expect(try await next.frame()?.keys == ["c"])
        next.task.cancel()
    }

    @Test("A request in CBOR gets its events in CBOR")
    func cbor() async throws {
        let (service, consumer) = try await service()
        _ = try await service.put(["a"])
        var request = ReplyWriter(.cbor)
        request.object { request in
            request.member("ConsumerARN", consumer)
            request.member("ShardId", ShardState.id(0))
            request.member("StartingPosition") { request in request.object { $0.member("Type", "TRIM_HORIZON") } }
        }
        guard case .events(let subscription) = await service.answer("SubscribeToShard", ByteBuffer(bytes: request.bytes), .cbor) else {
            throw ServiceError.internalFailure
        }
        let running = Running(subscription)
        #expect(try await running.frame()?.headers[":content-type"] == "application/x-amz-cbor-1.1")
        #expect(try await running.frame()?.keys == ["a"])
        running.task.cancel()
    }

    @Test("Without records there is an event every five seconds, and after five minutes the end")
    func heartbeats() async throws {
        let (service, consumer) = try await service()
        let running = try await subscribe(service, consumer, "{\"Type\":\"LATEST\"}")
        for _ in 0..<59 {
            service.advance(milliseconds: 5_000)
            let beat = try #require(try await running.frame())
            #expect(beat.keys.isEmpty)
            #expect(beat.payload["ContinuationSequenceNumber"].text != nil)
        }
        service.advance(milliseconds: 5_000)
        #expect(try await running.frame() == nil)
        try await running.task.value
    }

    @Test("A heartbeat's continuation is a place to go on from, even where nothing was ever put")
    func emptyContinuation() async throws {
        let (service, consumer) = try await service()
        let running = try await subscribe(service, consumer, "{\"Type\":\"LATEST\"}")
        service.advance(milliseconds: 5_000)
        let continuation = try await running.frame()?.payload["ContinuationSequenceNumber"].text ?? ""
        _ = try await service.put(["a"])
        #expect(try await running.frame()?.keys == ["a"])
        let next = try await subscribe(service, consumer, "{\"Type\":\"AFTER_SEQUENCE_NUMBER\",\"SequenceNumber\":\"\(continuation)\"}")
        #expect(try await next.frame()?.keys == ["a"])
        next.task.cancel()
    }

    @Test("The end of a shard tells its children and no continuation")
    func shardEnd() async throws {
        let (service, consumer) = try await service()
        _ = try await service.put(["a"])
        let running = try await subscribe(service, consumer)
        #expect(try await running.frame()?.keys == ["a"])
        service.advance(milliseconds: 10)
        try await service.call("SplitShard", "{\"StreamName\":\"s\",\"ShardToSplit\":\"\(ShardState.id(0))\",\"NewStartingHashKey\":\"9\"}")
        let last = try #require(try await running.frame())
        #expect(last.payload["ContinuationSequenceNumber"] == .null)
        #expect(last.payload["ChildShards"].elements.map { $0["ShardId"].text } == [ShardState.id(1), ShardState.id(2)])
        #expect(try await running.frame() == nil)
        try await running.task.value
    }

    @Test("A call takes over after five seconds, and the one before ends with ResourceInUseException")
    func takeOver() async throws {
        let (service, consumer) = try await service()
        let first = try await subscribe(service, consumer)
        let refusal = await #expect(throws: ServiceError.self) { try await subscribe(service, consumer) }
        #expect(refusal?.code.contains("ResourceInUseException") == true)
        service.advance(milliseconds: 5_000)
        #expect(try await first.frame()?.keys == [])
        let second = try await subscribe(service, consumer)
        #expect(try await first.frame()?.type == "ResourceInUseException")
        #expect(try await first.frame() == nil)
        _ = try await service.put(["a"])
        #expect(try await second.frame()?.keys == ["a"])
        second.task.cancel()
    }

    @Test("A consumer that is deregistered ends with ResourceNotFoundException, one that never was gets no stream")
    func deregistration() async throws {
        let (service, consumer) = try await service()
        let running = try await subscribe(service, consumer)
        try await service.call("DeregisterStreamConsumer", "{\"ConsumerARN\":\"\(consumer)\"}")
        #expect(try await running.frame()?.type == "ResourceNotFoundException")
        let refusal = await #expect(throws: ServiceError.self) { try await subscribe(service, consumer) }
        #expect(refusal?.code.contains("ResourceNotFoundException") == true)
    }

    @Test("A client that does not read holds back one event, whatever is put meanwhile")
    func backpressure() async throws {
        let (service, consumer) = try await service()
        let body = "{\"ConsumerARN\":\"\(consumer)\",\"ShardId\":\"\(ShardState.id(0))\",\"StartingPosition\":{\"Type\":\"TRIM_HORIZON\"}}"
        guard case .events(let subscription) = await service.answer("SubscribeToShard", body) else { throw ServiceError.internalFailure }
        _ = try await service.put(["a"])
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (sent, report) = AsyncStream.makeStream(of: Int.self)
        let task = Task {
            var room = gate.makeAsyncIterator()
            try await subscription.run { bytes in
                report.yield(bytes.count)
                await room.next()
            }
        }
        var sizes = sent.makeAsyncIterator()
        _ = await sizes.next()
        open.yield()
        let blocked = await sizes.next() ?? 0
        let data = String(repeating: "A", count: 400_000)
        for _ in 0..<20 { _ = try await service.put(["b"], data: data) }
        #expect(blocked < 1_000)
        open.yield()
        let next = await sizes.next() ?? 0
        #expect(next > 400_000)
        #expect(next < 2 << 20)
        task.cancel()
        open.finish()
    }

    @Test("With quotas a consumer gets 2 MiB a second, and cannot come back within five seconds")
    func pacing() async throws {
        let (service, consumer) = try await service(quotas: true)
        let data = String(repeating: "A", count: 1_300_000)
        for _ in 0..<8 {
            _ = try await service.put(["k"], data: data)
            service.advance(milliseconds: 2_000)
        }
        let running = try await subscribe(service, consumer)
        var received = 0
        for _ in 0..<3 { received += try await running.frame()?.keys.count ?? 0 }
        #expect(received == 3)
        // The ticker and the pause.
        await service.clock.waitForSleepers(2)
        service.advance(milliseconds: 1_000)
        #expect(try await running.frame()?.keys == ["k"])
        running.task.cancel()
        _ = try? await running.task.value
        let refusal = await #expect(throws: ServiceError.self) { try await subscribe(service, consumer) }
        #expect(refusal?.code.contains("ResourceInUseException") == true)
    }

    @Test("A fault cuts the stream in the middle of a frame")
    func cut() async throws {
        let (service, consumer) = try await service(rule: "{operation: SubscribeToShard, effect: {cut: body}}")
        _ = try await service.put(["a"])
        let running = try await subscribe(service, consumer)
        #expect(try await running.frame() == nil)
        #expect(running.rest > 12)
        await #expect(throws: ConnectionCut.self) { try await running.task.value }
    }

    @Test("A fault spoils the checksum of one frame")
    func corruption() async throws {
        let (service, consumer) = try await service(rule: "{operation: SubscribeToShard, effect: corrupt}")
        _ = try await service.put(["a"])
        let running = try await subscribe(service, consumer)
        await #expect(throws: FrameReader.BadChecksum.self) { try await running.frame() }
        running.task.cancel()
    }

    @Test("Only what has to be a subscription becomes one")
    func refusals() async throws {
        let (service, consumer) = try await service()
        for (arn, shard, position, code) in [
            (consumer, "shardId-000000000009", "{\"Type\":\"LATEST\"}", "ResourceNotFoundException"),
            (consumer, "shardId-000000000000", "{\"Type\":\"AT_SEQUENCE_NUMBER\"}", "InvalidArgumentException"),
            (consumer, "shardId-000000000000", "{\"Type\":\"NEVER\"}", "ValidationException"),
            ("arn:aws:kinesis:us-east-1:000000000000:stream/s", "shardId-000000000000", "{\"Type\":\"LATEST\"}", "ValidationException"),
            (consumer + "1", "shardId-000000000000", "{\"Type\":\"LATEST\"}", "ResourceNotFoundException"),
        ] {
            let body = "{\"ConsumerARN\":\"\(arn)\",\"ShardId\":\"\(shard)\",\"StartingPosition\":\(position)}"
            #expect(try await service.call("SubscribeToShard", body)["__type"].text == code)
        }
    }
}
