/// The operations of the Kinesis API that this client calls, by the names of the AWS API model (`Kinesis_20131202`).
enum Operation: String, Sendable, CaseIterable {
    case createStream = "CreateStream"
    case deleteStream = "DeleteStream"
    case deregisterStreamConsumer = "DeregisterStreamConsumer"
    case describeStream = "DescribeStream"
    case describeStreamConsumer = "DescribeStreamConsumer"
    case describeStreamSummary = "DescribeStreamSummary"
    case getRecords = "GetRecords"
    case getShardIterator = "GetShardIterator"
    case listShards = "ListShards"
    case listStreams = "ListStreams"
    case mergeShards = "MergeShards"
    case putRecord = "PutRecord"
    case putRecords = "PutRecords"
    case registerStreamConsumer = "RegisterStreamConsumer"
    case splitShard = "SplitShard"
    case subscribeToShard = "SubscribeToShard"

    /// The value of the `X-Amz-Target` header.
    var target: String { "Kinesis_20131202.\(rawValue)" }

    /// Which of the two hosts of an account serves the operation: the model's `OperationType`. Nil where the model gives none.
    var plane: Plane? {
        switch self {
        case .getRecords, .getShardIterator, .putRecord, .putRecords, .subscribeToShard: .data
        case .deleteStream, .deregisterStreamConsumer, .describeStream, .describeStreamConsumer, .describeStreamSummary, .listShards,
            .mergeShards, .registerStreamConsumer, .splitShard:
            .control
        case .createStream, .listStreams: nil
        }
    }

    enum Plane: String, Sendable {
        case data, control
    }
}
