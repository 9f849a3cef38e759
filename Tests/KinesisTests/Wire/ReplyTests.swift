import Coordination
import JSON
import Records
import Testing

@testable import Kinesis

@Suite("Replies")
struct ReplyTests {
    private static let stream = StreamIdentifier.name("orders")

    private func fields(_ text: String) throws -> Fields { try Fields(JSON.parse(Array(text.utf8))) }

    private let entries = [PutEntry(data: [], partitionKey: "a"), PutEntry(data: [], partitionKey: "b")]

    @Test("PutRecords answers each record in the request's order")
    func putRecords() throws {
        let reply = try PutRecords(target: Self.stream, entries: entries).reply(
            fields(
                #"""
                {"FailedRecordCount":1,"EncryptionType":"NONE","Records":[
                 {"SequenceNumber":"49543463076548007577105092703039560359975228518395019266","ShardId":"shardId-000000000000"},
                 {"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded"}]}
                """#))
        #expect(
            reply == [
                .stored(
                    shard: "shardId-000000000000",
                    sequence: try #require(SequenceNumber("49543463076548007577105092703039560359975228518395019266"))),
                .failed(code: "ProvisionedThroughputExceededException", message: "Rate exceeded"),
            ])
    }

    @Test(
        "a PutRecords reply that could acknowledge the wrong record is refused",
        arguments: [
            #"{"Records":[{"SequenceNumber":"1","ShardId":"s"}]}"#, #"{"Records":[]}"#, "{}",
            #"{"Records":[{"SequenceNumber":"1","ShardId":"s"},{"ShardId":"s"}]}"#,
            #"{"Records":[{"SequenceNumber":"1","ShardId":"s"},{"SequenceNumber":"x","ShardId":"s"}]}"#,
            #"{"Records":[{"SequenceNumber":"1","ShardId":"s"},null]}"#, #"{"Records":{"0":1}}"#,
        ])
    func mismatched(text: String) throws {
        let fields = try fields(text)
        #expect(throws: MalformedReply.self) { try PutRecords(target: Self.stream, entries: entries).reply(fields) }
    }

    @Test("GetRecords reads records, their times to the millisecond, and where to go on")
    func getRecords() throws {
        let reply = try GetRecords(iterator: "i", limit: 1, source: Self.stream).reply(
            fields(
                #"""
                {"MillisBehindLatest":2100,"NextShardIterator":"AAAA","Records":[
                 {"Data":"aGVsbG8=","PartitionKey":"é","ApproximateArrivalTimestamp":1441215410.867,"SequenceNumber":"21269319989652663814458848515492872193"},
                 {"Data":"","PartitionKey":"b","ApproximateArrivalTimestamp":1441215411,"SequenceNumber":"2"}]}
                """#))
        #expect(reply.records.map(\.data) == [Array("hello".utf8), []])
        #expect(reply.records.map(\.partitionKey) == ["é", "b"])
        #expect(reply.records.map(\.arrivedAt) == [1_441_215_410_867, 1_441_215_411_000])
        #expect(reply.records[0].sequenceNumber == SequenceNumber("21269319989652663814458848515492872193"))
        #expect(reply.nextIterator == "AAAA")
        #expect(reply.millisBehindLatest == 2100)
        #expect(reply.childShards.isEmpty)
    }

    @Test("the last page of a closed shard names its children and no iterator")
    func shardEnd() throws {
        let reply = try GetRecords(iterator: "i", limit: 1, source: Self.stream).reply(
            fields(
                #"""
                {"MillisBehindLatest":0,"NextShardIterator":null,"Records":[],"ChildShards":[
                 {"ShardId":"shardId-000000000002","ParentShards":["shardId-000000000000","shardId-000000000001"],
                  "HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"340282366920938463463374607431768211455"}}]}
                """#))
        #expect(reply.nextIterator == nil)
        let child = try #require(reply.childShards.first)
        #expect(child.parents == ["shardId-000000000000", "shardId-000000000001"])
        #expect(child.hashRange == .all)
    }

    @Test(
        "records that cannot be read fail the page: none is skipped",
        arguments: [
            #"{"Records":[{"Data":"a","PartitionKey":"k","SequenceNumber":"1"}]}"#,
            #"{"Records":[{"PartitionKey":"k","SequenceNumber":"1"}]}"#,
            #"{"Records":[{"Data":"","SequenceNumber":"1"}]}"#, #"{"Records":[{"Data":"","PartitionKey":"k"}]}"#, #"{"Records":[7]}"#,
            #"{"Records":"none"}"#, #"{"NextShardIterator":5}"#, #"{"MillisBehindLatest":"5"}"#,
        ])
    func brokenRecords(text: String) throws {
        let fields = try fields(text)
        #expect(throws: MalformedReply.self) { try GetRecords(iterator: "i", limit: 1, source: Self.stream).reply(fields) }
    }

    @Test("ListShards reads closed, split and merged shards")
    func listShards() throws {
        let page = try ListShards(source: Self.stream, filter: nil, nextToken: nil).reply(
            fields(
                #"""
                {"NextToken":"t","Shards":[
                 {"ShardId":"s0","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"9"},
                  "SequenceNumberRange":{"StartingSequenceNumber":"1","EndingSequenceNumber":"5"}},
                 {"ShardId":"s1","ParentShardId":"s0","AdjacentParentShardId":"s9","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"4"},
                  "SequenceNumberRange":{"StartingSequenceNumber":"6"}}]}
                """#))
        #expect(page.nextToken == "t")
        #expect(
            page.shards == [
                Shard(
                    id: "s0", hashRange: HashRange(start: 0, end: 9), startingSequence: SequenceNumber(1), endingSequence: SequenceNumber(5)
                ),
                Shard(
                    id: "s1", parent: "s0", adjacentParent: "s9", hashRange: HashRange(start: 0, end: 4),
                    startingSequence: SequenceNumber(6)),
            ])
    }

    @Test(
        "a shard without a sound hash range is refused: records would be sent to the wrong one",
        arguments: [
            #""StartingHashKey":"5","EndingHashKey":"4""#, #""StartingHashKey":"x","EndingHashKey":"4""#, #""StartingHashKey":"5""#,
        ])
    func brokenRange(range: String) throws {
        let fields = try fields(
            #"{"Shards":[{"ShardId":"s","HashKeyRange":{\#(range)},"SequenceNumberRange":{"StartingSequenceNumber":"1"}}]}"#)
        #expect(throws: MalformedReply.self) { try ListShards(source: Self.stream, filter: nil, nextToken: nil).reply(fields) }
    }

    @Test("a stream's summary has its status, shards and limits")
    func summary() throws {
        let summary = try DescribeStreamSummary(target: Self.stream).reply(
            fields(
                #"""
                {"StreamDescriptionSummary":{"StreamName":"orders","StreamARN":"arn:x","StreamStatus":"UPDATING","RetentionPeriodHours":48,
                 "OpenShardCount":3,"StreamModeDetails":{"StreamMode":"ON_DEMAND"},"MaxRecordSizeInKiB":10240,"StreamCreationTimestamp":1.5}}
                """#))
        #expect(summary.status == .updating && summary.isUsable)
        #expect(summary.openShards == 3 && summary.retentionHours == 48 && summary.mode == "ON_DEMAND")
        #expect(summary.maxRecordBytes == 10 << 20 && summary.createdAt == 1_500)
    }
}
