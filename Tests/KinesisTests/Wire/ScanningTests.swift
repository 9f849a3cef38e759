import JSON
import Records
import Testing

@testable import Kinesis

@Suite("Pages of records that are scanned")
struct ScanningTests {
    private let call = GetRecords(iterator: "i", limit: 10, source: StreamIdentifier("orders")!)

    private func parsed(_ text: String) -> GetRecordsReply? {
        try? call.reply(Fields(JSON.parse(Array(text.utf8))))
    }

    @Test(
        "are read as they are when they are parsed",
        arguments: [
            #"{"Records":[],"NextShardIterator":"next","MillisBehindLatest":0}"#,
            #" { "Records" : [ ] , "NextShardIterator" : null } "#,
            #"{"Records":[{"Data":"AP8=","PartitionKey":"kö","SequenceNumber":"495","ApproximateArrivalTimestamp":1.767323045123E9}]}"#,
            #"{"Records":[{"Data":"","PartitionKey":"k","SequenceNumber":"0","ApproximateArrivalTimestamp":1767323045.123,"EncryptionType":"KMS"}]}"#,
            #"{"Records":[{"SequenceNumber":"1","PartitionKey":"a","Data":"YQ=="},{"SequenceNumber":"2","PartitionKey":"b","Data":"Yg=="}]}"#,
            #"{"MillisBehindLatest":86400000,"Records":[{"Data":"YQ==","PartitionKey":"k","SequenceNumber":"1","ApproximateArrivalTimestamp":1767323045}]}"#,
        ])
    func agreement(text: String) throws {
        #expect(try #require(call.scanned(Array(text.utf8))) == parsed(text))
    }

    @Test(
        "are left to the parser where they are anything else",
        arguments: [
            "", "{", "[]", #"{"Records":[{}]}"#, #"{"Records":[],}"#, #"{"Records":[]} x"#, #"{"Records":[] "MillisBehindLatest":0}"#,
            #"{"Records":[{"Data":"Y\u0051==","PartitionKey":"k","SequenceNumber":"1"}]}"#,
            #"{"Records":[{"Data":"YQ==","PartitionKey":"\"","SequenceNumber":"1"}]}"#,
            #"{"Records":[{"Data":"YQ","PartitionKey":"k","SequenceNumber":"1"}]}"#,
            #"{"Records":[{"Data":"YQ==","PartitionKey":"k","SequenceNumber":"x"}]}"#,
            #"{"Records":[],"ChildShards":[]}"#, #"{"Records":[],"MillisBehindLatest":-1}"#, #"{"Records":[],"MillisBehindLatest":1e99}"#,
        ])
    func others(text: String) {
        #expect(call.scanned(Array(text.utf8)) == nil)
    }
}
