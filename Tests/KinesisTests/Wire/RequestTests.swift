import NIOCore
import Records
import Testing

@testable import Kinesis

@Suite("Requests")
struct RequestTests {
    private static let name = StreamIdentifier.name("orders")
    private static let arnText = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders"
    private static let arn = StreamIdentifier(arnText)!

    @Test(
        "each operation writes the members of the API model",
        arguments: [
            (
                PutRecords(
                    target: name,
                    entries: [
                        PutEntry(data: RecordData("hello".utf8), partitionKey: "pk-a"),
                        PutEntry(data: [], partitionKey: "b", explicitHashKey: "340282366920938463463374607431768211455"),
                    ]) as any Call,
                #"{"StreamName":"orders","Records":[{"Data":"aGVsbG8=","PartitionKey":"pk-a"},"#
                    + #"{"Data":"","PartitionKey":"b","ExplicitHashKey":"340282366920938463463374607431768211455"}]}"#
            ),
            (PutRecords(target: arn, entries: []), #"{"StreamARN":"\#(arnText)","Records":[]}"#),
            (
                PutRecord(target: name, entry: PutEntry(data: [1], partitionKey: "k"), orderingSequence: SequenceNumber(7)),
                #"{"StreamName":"orders","Data":"AQ==","PartitionKey":"k","SequenceNumberForOrdering":"7"}"#
            ),
            (GetRecords(iterator: "i", limit: 20_000, source: name), #"{"ShardIterator":"i","Limit":10000}"#),
            (GetRecords(iterator: "i", limit: 0, source: arn), #"{"ShardIterator":"i","Limit":1,"StreamARN":"\#(arnText)"}"#),
            (
                GetShardIterator(source: name, shard: "s", start: .timestamp(1_459_799_926_048)),
                #"{"StreamName":"orders","ShardId":"s","ShardIteratorType":"AT_TIMESTAMP","Timestamp":1459799926.048}"#
            ),
            (
                GetShardIterator(source: name, shard: "s", start: .after(SequenceNumber(5))),
                #"{"StreamName":"orders","ShardId":"s","ShardIteratorType":"AFTER_SEQUENCE_NUMBER","StartingSequenceNumber":"5"}"#
            ),
            (
                GetShardIterator(source: name, shard: "s", start: .at(SequenceNumber(5))),
                #"{"StreamName":"orders","ShardId":"s","ShardIteratorType":"AT_SEQUENCE_NUMBER","StartingSequenceNumber":"5"}"#
            ),
            (
                GetShardIterator(source: name, shard: "s", start: .trimHorizon),
                #"{"StreamName":"orders","ShardId":"s","ShardIteratorType":"TRIM_HORIZON"}"#
            ),
            (
                GetShardIterator(source: name, shard: "s", start: .latest),
                #"{"StreamName":"orders","ShardId":"s","ShardIteratorType":"LATEST"}"#
            ),
            (ListShards(source: arn, filter: nil, nextToken: nil), #"{"StreamARN":"\#(arnText)"}"#),
            (
                ListShards(source: name, filter: .fromTimestamp(1000), nextToken: nil),
                #"{"StreamName":"orders","ShardFilter":{"Type":"FROM_TIMESTAMP","Timestamp":1.000}}"#
            ),
            (
                ListShards(source: name, filter: .afterShard("s"), nextToken: nil),
                #"{"StreamName":"orders","ShardFilter":{"Type":"AFTER_SHARD_ID","ShardId":"s"}}"#
            ),
            (ListShards(source: arn, filter: .atLatest, nextToken: "t"), #"{"NextToken":"t"}"#),
            (CreateStream(name: "orders", shards: 4), #"{"StreamName":"orders","ShardCount":4}"#),
            (DeleteStream(target: arn), #"{"StreamARN":"\#(arnText)"}"#),
            (DescribeStreamSummary(target: name), #"{"StreamName":"orders"}"#),
            (DescribeStream(target: name, startAfter: "s"), #"{"StreamName":"orders","ExclusiveStartShardId":"s"}"#),
            (ListStreams(nextToken: nil, startAfter: nil), "{}"),
            (ListStreams(nextToken: nil, startAfter: "a"), #"{"ExclusiveStartStreamName":"a"}"#),
            (ListStreams(nextToken: "t", startAfter: "a"), #"{"NextToken":"t"}"#),
            (
                RegisterStreamConsumer(target: StreamARN(arnText)!, name: "c"), #"{"StreamARN":"\#(arnText)","ConsumerName":"c"}"#
            ),
            (
                DeregisterStreamConsumer(target: StreamARN(arnText)!, name: "c"), #"{"StreamARN":"\#(arnText)","ConsumerName":"c"}"#
            ),
            (
                SubscribeToShard(source: arn, consumerARN: "a", shard: "s", start: .timestamp(1_500)),
                #"{"ConsumerARN":"a","ShardId":"s","StartingPosition":{"Type":"AT_TIMESTAMP","Timestamp":1.500}}"#
            ),
            (
                SubscribeToShard(source: arn, consumerARN: "a", shard: "s", start: .at(SequenceNumber(5))),
                #"{"ConsumerARN":"a","ShardId":"s","StartingPosition":{"Type":"AT_SEQUENCE_NUMBER","SequenceNumber":"5"}}"#
            ),
            (
                SplitShard(target: name, shard: "s", newStartingHashKey: 1 << 127),
                #"{"StreamName":"orders","ShardToSplit":"s","NewStartingHashKey":"170141183460469231731687303715884105728"}"#
            ),
            (
                MergeShards(target: name, shard: "s", adjacent: "t"),
                #"{"StreamName":"orders","ShardToMerge":"s","AdjacentShardToMerge":"t"}"#
            ),
        ])
    func bodies(call: any Call, body: String) {
        #expect(String(buffer: call.body().bytes) == body)
    }

    @Test(
        "partition keys of any characters are written as JSON strings",
        arguments: [
            ("a\"b", #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb\u{0}\u{1F}", #"a\u000ab\u0000\u001f"#), ("é", "é"), ("😀", "😀"), ("/", "/"),
        ])
    func escapes(key: String, text: String) {
        let call = PutRecords(target: Self.name, entries: [PutEntry(data: [], partitionKey: key)])
        #expect(String(buffer: call.body().bytes) == #"{"StreamName":"orders","Records":[{"Data":"","PartitionKey":"\#(text)"}]}"#)
    }

    @Test(
        "streams are known by name or by ARN",
        arguments: [
            ("orders", "orders"), ("a.B_c-9", "a.B_c-9"), (arnText, "orders"), ("arn:aws-cn:kinesis:cn-north-1:000000000000:stream/x", "x"),
            ("", nil), ("a b", nil), ("a/b", nil), (String(repeating: "a", count: 129), nil),
            ("arn:aws:s3:eu-west-1:123456789012:stream/x", nil),
            ("arn:aws:kinesis:eu-west-1:12345678901:stream/x", nil), ("arn:aws:kinesis:eu-west-1:123456789012:consumer/x", nil),
            ("arn:aws:kinesis:eu-west-1:123456789012:stream/", nil), ("arn:aws:kinesis:eu-west-1:123456789012:stream/x/consumer/y:1", nil),
        ])
    func identifiers(text: String, name: String?) {
        #expect(StreamIdentifier(text)?.name == name)
    }
}
