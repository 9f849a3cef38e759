import Records

/// An action of the Kinesis API, whatever shape its reply has.
protocol ServiceOperation: Sendable {
    /// As `X-Amz-Target` names it.
    static var name: String { get }
    static var input: [Member] { get }
}

/// An action that answers with one body.
protocol Operation: ServiceOperation {
    /// Answers the body of the reply; nil for none. Throws `ServiceError`.
    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter?
}

/// All actions that the server knows.
enum Operations {
    static let all: [any ServiceOperation.Type] = [
        CreateStream.self, DeleteStream.self, DescribeStream.self, DescribeStreamSummary.self, GetRecords.self, GetShardIterator.self,
        ListShards.self, ListStreams.self, MergeShards.self, PutRecord.self, PutRecords.self, SplitShard.self, SubscribeToShard.self,
    ]

    static let byName: [String: any ServiceOperation.Type] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}

extension Input {
    /// The name of the stream that `StreamName` or `StreamARN` means.
    func streamName(in streams: Streams) throws(ServiceError) -> String {
        let name = string("StreamName")
        guard let text = string("StreamARN") else {
            guard let name else { throw .invalidArgument("Either StreamName or StreamARN must be provided.") }
            return name
        }
        guard let arn = StreamARN(text) else { throw .invalidArgument("\(text) is not the ARN of a stream.") }
        guard name == nil || name == arn.name else { throw .invalidArgument("StreamName and StreamARN name different streams.") }
        guard arn.account == streams.accountID, arn.region == streams.region else {
            throw .resourceNotFound("Stream \(arn.name) under account \(arn.account) not found.")
        }
        return arn.name
    }
}
