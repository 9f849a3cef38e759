import Coordination
import Records
import Testing

@testable import Kinesis

@Suite("Calls")
struct KinesisClientTests {
    private let stream = StreamIdentifier.name("orders")

    private func shardPage(_ ids: Range<Int>, next: String?) -> TransportReply {
        let shards = ids.map {
            #"{"ShardId":"s\#($0)","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"1"},"SequenceNumberRange":{"StartingSequenceNumber":"1"}}"#
        }
        let token = next.map { #""\#($0)""# } ?? "null"
        return .json(
            #"{"NextToken":\#(token),"Shards":[\#(shards.joined(separator: ","))]}"#,
            headers: [("Date", next == nil ? "Fri, 02 Jan 2026 04:00:00 GMT" : "Fri, 02 Jan 2026 03:04:07 GMT")])
    }

    @Test("a listing of shards takes every page, and later pages send nothing but the token")
    func pagination() async throws {
        let transport = FakeTransport([shardPage(0..<2, next: "t1"), shardPage(2..<3, next: "t2"), shardPage(3..<4, next: nil)])
        let listing = try await KinesisClient.fake(transport).shardListing(stream, filter: .atLatest)
        #expect(listing.shards.map(\.id) == ["s0", "s1", "s2", "s3"])
        #expect(
            transport.requests.map(\.text) == [
                #"{"StreamName":"orders","ShardFilter":{"Type":"AT_LATEST"}}"#, #"{"NextToken":"t1"}"#, #"{"NextToken":"t2"}"#,
            ])
        // LATEST begins at the first page: what comes after it must not be passed over.
        #expect(listing.servedAt == 1_767_323_047_000)
    }

    @Test("a listing whose token expired begins again without doubling shards")
    func expiredToken() async throws {
        let transport = FakeTransport([
            shardPage(0..<2, next: "t1"), .error("ExpiredNextTokenException"), shardPage(0..<2, next: "t2"), shardPage(2..<3, next: nil),
        ])
        #expect(try await KinesisClient.fake(transport).listShards(stream).map(\.id) == ["s0", "s1", "s2"])
    }

    @Test("a listing whose tokens always expire, or that never ends, is an error")
    func endless() async throws {
        let expiring = FakeTransport { [self] _, index in
            index % 2 == 0 ? shardPage(0..<1, next: "t") : .error("ExpiredNextTokenException")
        }
        await #expect { try await KinesisClient.fake(expiring).listShards(stream) } throws: {
            ($0 as? KinesisError)?.kind == .expiredNextToken
        }
        let circular = FakeTransport { [self] _, _ in shardPage(0..<1, next: "t") }
        await #expect { try await KinesisClient.fake(circular).listShards(stream) } throws: {
            ($0 as? KinesisError)?.kind == .malformedReply
        }
    }

    @Test("streams are listed through tokens and, on older servers, by the last name")
    func listStreams() async throws {
        let transport = FakeTransport([
            .json(#"{"StreamNames":["a","b"],"HasMoreStreams":true,"NextToken":"t"}"#),
            .json(#"{"StreamNames":["c"],"HasMoreStreams":true}"#), .json(#"{"StreamNames":["d"],"HasMoreStreams":false}"#),
        ])
        #expect(try await KinesisClient.fake(transport).listStreams() == ["a", "b", "c", "d"])
        #expect(transport.requests.map(\.text) == ["{}", #"{"NextToken":"t"}"#, #"{"ExclusiveStartStreamName":"c"}"#])
    }

    @Test("a failed call is repeated as the policy says, signed anew")
    func retries() async throws {
        let transport = FakeTransport([
            .error("ProvisionedThroughputExceededException"), .text("<html>", status: 503), .json(#"{"ShardIterator":"i"}"#),
        ])
        let client = try await KinesisClient.fake(transport, attempts: 3)
        #expect(try await client.shardIterator(stream, shard: "s", at: .latest) == "i")
        #expect(transport.requests.count == 3)
        #expect(transport.requests.allSatisfy { $0.headers.count { $0.name == "Authorization" } == 1 })
    }

    @Test("a call ends with the last error once its attempts are used up")
    func exhausted() async throws {
        let transport = FakeTransport { _, _ in throw TransportError.timeout }
        let client = try await KinesisClient.fake(transport, attempts: 3)
        await #expect { try await client.describeStreamSummary(stream) } throws: { ($0 as? KinesisError)?.kind == .timeout }
        #expect(transport.requests.count == 3)
    }

    @Test("reads and writes of records are attempted once: repeating them is their caller's decision")
    func singleAttempts() async throws {
        let transport = FakeTransport { _, _ in .error("InternalFailure", status: 500) }
        let client = try await KinesisClient.fake(transport)
        await #expect(throws: KinesisError.self) { try await client.putRecords(stream, [PutEntry(data: [], partitionKey: "k")]) }
        await #expect(throws: KinesisError.self) { try await client.getRecords("i", stream: stream) }
        #expect(transport.requests.count == 2)
        await #expect(throws: KinesisError.self) {
            try await client.getRecords("i", stream: stream, retry: RetryPolicy(maxAttempts: 2, transientBase: .zero))
        }
        #expect(transport.requests.count == 4)
    }

    @Test("a clock that is off is corrected from the reply and stays corrected")
    func clockSkew() async throws {
        let transport = FakeTransport { _, index in
            index == 0
                ? .error("InvalidSignatureException", message: "Signature expired", headers: [("Date", "Fri, 02 Jan 2026 05:04:05 GMT")])
                : .json("{}")
        }
        let client = try await KinesisClient.fake(transport)
        try await client.deleteStream(stream)
        try await client.deleteStream(stream)
        #expect(transport.requests.map { $0.header("x-amz-date") } == ["20260102T030405Z", "20260102T050405Z", "20260102T050405Z"])
    }

    @Test("calls that find out together about the clock correct it once")
    func concurrentClockSkew() async throws {
        let date = (name: "Date", value: "Fri, 02 Jan 2026 05:04:05 GMT")
        let transport = FakeTransport { request, _ in
            request.header("x-amz-date") == "20260102T050405Z" ? .json("{}") : .error("InvalidSignatureException", headers: [date])
        }
        let client = try await KinesisClient.fake(transport)
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { try await client.deleteStream(stream) } }
            try await group.waitForAll()
        }
        try await client.deleteStream(stream)
        #expect(transport.requests.last?.header("x-amz-date") == "20260102T050405Z")
    }

    @Test("a wrong secret fails at once")
    func wrongSecret() async throws {
        let transport = FakeTransport { _, _ in
            .error("InvalidSignatureException", message: "does not match", headers: [("Date", "Fri, 02 Jan 2026 03:04:06 GMT")])
        }
        let client = try await KinesisClient.fake(transport)
        await #expect { try await client.deleteStream(stream) } throws: { ($0 as? KinesisError)?.kind == .invalidSignature }
        #expect(transport.requests.count == 1)
    }

    @Test("credentials that the service calls expired are loaded again, once a call")
    func expiredCredentials() async throws {
        let document = #"{"AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t","Expiration":"2027-01-01T00:00:00Z"}"#
        let transport = FakeTransport { request, _ in
            request.method == "GET" ? .json(document) : .error("ExpiredTokenException")
        }
        let client = try await KinesisClient.fake(
            transport, environment: .fake(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/c"]), configure: { $0.credentials = nil }
        )
        await #expect { try await client.deleteStream(stream) } throws: { ($0 as? KinesisError)?.kind == .expiredCredentials }
        #expect(transport.requests.map(\.method) == ["GET", "POST", "GET", "POST"])
    }

    @Test("a reply that cannot be read is an error of its own, and a write may have been applied")
    func malformed() async throws {
        let client = try await KinesisClient.fake(FakeTransport([.text("<html>welcome</html>")]))
        await #expect {
            try await client.putRecords(stream, [PutEntry(data: [], partitionKey: "k")])
        } throws: {
            let error = $0 as? KinesisError
            return error?.kind == .malformedReply && error?.isAmbiguous == true && error?.message == "the body is not JSON"
        }
    }

    @Test("a stream of another partition is refused before anything is sent")
    func wrongPartition() async throws {
        let transport = FakeTransport([])
        let client = try await KinesisClient.fake(transport)
        let chinese = try #require(StreamIdentifier("arn:aws-cn:kinesis:cn-north-1:123456789012:stream/x"))
        await #expect { try await client.listShards(chinese) } throws: { ($0 as? KinesisError)?.kind == .invalidArgument }
        #expect(transport.requests.isEmpty)
    }

    @Test("a request carries what the protocol asks for")
    func headers() async throws {
        let transport = FakeTransport([.json("{}")])
        try await KinesisClient.fake(transport).createStream("orders", shards: 2)
        let request = try #require(transport.requests.first)
        #expect(request.method == "POST" && request.url.text == "https://kinesis.eu-west-1.amazonaws.com/")
        #expect(request.header("content-type") == "application/x-amz-json-1.1")
        #expect(request.header("x-amz-target") == "Kinesis_20131202.CreateStream")
        #expect(request.header("host") == "kinesis.eu-west-1.amazonaws.com")
        #expect(request.timeout == .seconds(30))
    }

    @Test("a cancelled task leaves a call while it waits for its next attempt")
    func cancellation() async throws {
        let transport = FakeTransport { _, _ in .error("ThrottlingException") }
        let client = try await KinesisClient.fake(
            transport,
            configure: { $0.retry = RetryPolicy(maxAttempts: .max, throttleBase: .seconds(1 << 30), longestDelay: .seconds(1 << 30)) })
        let call = Task { try await client.listStreams() }
        call.cancel()
        await #expect { try await call.value } throws: { ($0 as? KinesisError)?.kind == .cancelled }
    }
}
