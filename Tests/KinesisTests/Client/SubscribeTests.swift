import Coordination
import NIOCore
import Records
import Testing

@testable import Kinesis

@Suite("Subscriptions")
struct SubscribeTests {
    private static let stream = StreamIdentifier("arn:aws:kinesis:eu-west-1:123456789012:stream/orders")!
    private static let consumer = StreamConsumer(
        name: "c", arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders/consumer/c:1", status: .active)
    private static let record =
        #"{"Data":"aGVsbG8=","PartitionKey":"k","SequenceNumber":"7","ApproximateArrivalTimestamp":1.5}"#
    private static let event = EventStreamWriter.event(
        #"{"Records":[\#(record)],"ContinuationSequenceNumber":"8","MillisBehindLatest":5}"#)

    private func subscribe(
        _ exchange: FakeStreamTransport.Exchange, mostEvents: Int = .max
    ) async throws -> (events: [ShardEvent], opened: Int, request: TransportRequest) {
        let transport = FakeStreamTransport([exchange])
        let client = try await KinesisClient.fake(FakeTransport([]), subscriptions: transport)
        var (events, opened): ([ShardEvent], Int) = ([], 0)
        try await client.subscribe(Self.consumer, Self.stream, shard: "s", at: .after(SequenceNumber(6))) {
            opened += 1
        } receive: { event in
            events.append(event)
            return events.count < mostEvents
        }
        return (events, opened, try #require(transport.requests.first))
    }

    private static func parts(_ bytes: [UInt8]..., size: Int = .max) -> [ByteBuffer] {
        var (parts, rest): ([ByteBuffer], ArraySlice<UInt8>) = ([], bytes.flatMap { $0 }[...])
        while !rest.isEmpty {
            parts.append(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(parts.last?.readableBytes ?? 0)
        }
        return parts
    }

    @Test("events come as they are, with or without the initial response, cut anywhere", arguments: [true, false], [1, 100, Int.max])
    func events(hasOpening: Bool, size: Int) async throws {
        let opening = hasOpening ? EventStreamWriter.event("{}", type: "initial-response") : []
        let unknown = EventStreamWriter.event("no JSON", type: "SomethingNew")
        let reply = try await subscribe(.parts(Self.parts(opening, Self.event, unknown, Self.event, size: size)))
        let expected = ShardEvent(
            records: [KinesisRecord(data: Array("hello".utf8), partitionKey: "k", sequenceNumber: SequenceNumber(7), arrivedAt: 1_500)],
            continuation: SequenceNumber(8), millisBehindLatest: 5, childShards: [])
        #expect(reply.events == [expected, expected])
        #expect(reply.opened == 1)
        #expect(
            reply.request.text
                == #"{"ConsumerARN":"\#(Self.consumer.arn)","ShardId":"s","StartingPosition":{"Type":"AFTER_SEQUENCE_NUMBER","SequenceNumber":"6"}}"#
        )
        #expect(reply.request.url.host == "123456789012.data-kinesis.eu-west-1.amazonaws.com")
    }

    @Test("the last event of a shard has children and no continuation")
    func end() async throws {
        let event = EventStreamWriter.event(
            #"{"Records":[],"ContinuationSequenceNumber":null,"MillisBehindLatest":0,"ChildShards":[{"ShardId":"t","ParentShards":["s"],"#
                + #""HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"9"}}]}"#)
        let reply = try await subscribe(.parts(Self.parts(event)))
        #expect(reply.events.first?.continuation == nil)
        #expect(reply.events.first?.childShards.map(\.parents) == [["s"]])
    }

    @Test("a receiver that has enough ends it")
    func enough() async throws {
        #expect(try await subscribe(.parts(Self.parts(Self.event, Self.event, Self.event)), mostEvents: 2).events.count == 2)
    }

    @Test(
        "what goes wrong is told by what follows from it",
        arguments: [
            (.refused(.error("ResourceInUseException")), .resourceInUse), (.refused(.error("AccessDeniedException")), .accessDenied),
            (.refused(.text("", status: 503)), .transient), (.refused(.error("LimitExceededException")), .throttled),
            (.parts(parts(EventStreamWriter.exception("ResourceInUseException", "taken"))), .resourceInUse),
            (.parts(parts(EventStreamWriter.exception("InternalFailureException", "x"))), .transient),
            (.parts(parts(EventStreamWriter.exception("KMSDisabledException", "x"))), .kms),
            (
                .parts(parts(EventStreamWriter.message([(":message-type", "error"), (":error-code", "InternalFailure")], ""))), .transient
            ),
            (.parts(parts(event, Array(event.dropLast(9)))), .connection), (.parts(parts(event, event.map { $0 ^ 1 })), .connection),
            (.broken(parts(event), .timeout), .timeout), (.broken([], .connection("reset")), .connection),
            (.parts(parts(EventStreamWriter.event("{"))), .malformedReply),
        ] as [(FakeStreamTransport.Exchange, KinesisError.Kind)])
    func failures(exchange: FakeStreamTransport.Exchange, kind: KinesisError.Kind) async throws {
        await #expect {
            try await subscribe(exchange)
        } throws: {
            let error = $0 as? KinesisError
            return error?.kind == kind && error?.operation == "SubscribeToShard"
        }
    }

    @Test("a consumer is registered where it is missing, and waited for")
    func registration() async throws {
        func consumer(_ status: String, in member: String) -> TransportReply {
            .json(#"{"\#(member)":{"ConsumerName":"c","ConsumerARN":"\#(Self.consumer.arn)","ConsumerStatus":"\#(status)"}}"#)
        }
        let transport = FakeTransport([
            .error("ResourceNotFoundException"), consumer("CREATING", in: "Consumer"), consumer("CREATING", in: "ConsumerDescription"),
            consumer("ACTIVE", in: "ConsumerDescription"),
        ])
        let client = try await KinesisClient.fake(transport)
        #expect(try await client.activeConsumer(Self.stream, name: "c") == Self.consumer)
        #expect(
            transport.requests.map(\.operation) == [
                "DescribeStreamConsumer", "RegisterStreamConsumer", "DescribeStreamConsumer", "DescribeStreamConsumer",
            ])
        #expect(transport.requests.allSatisfy { $0.text == #"{"StreamARN":"\#(Self.stream)","ConsumerName":"c"}"# })
    }

    @Test("a consumer that another agent registers meanwhile is as good")
    func registrationRace() async throws {
        let transport = FakeTransport([
            .error("ResourceNotFoundException"), .error("ResourceInUseException"),
            .json(#"{"ConsumerDescription":{"ConsumerName":"c","ConsumerARN":"\#(Self.consumer.arn)","ConsumerStatus":"ACTIVE"}}"#),
        ])
        let client = try await KinesisClient.fake(transport)
        #expect(try await client.activeConsumer(Self.stream, name: "c") == Self.consumer)
    }
}
