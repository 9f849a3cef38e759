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
        return try streams.name(arn)
    }

    /// The consumer that `ConsumerARN`, or `StreamARN` with `ConsumerName`, means; all three may be there when they agree.
    func consumer(in streams: Streams, at now: Int64) throws(ServiceError) -> (stream: StreamState, consumer: ConsumerState) {
        let name = string("ConsumerName")
        guard let text = string("ConsumerARN") else {
            guard let name, has("StreamARN") else {
                throw .invalidArgument("Either ConsumerARN or both StreamARN and ConsumerName must be provided.")
            }
            return try streams.consumer(name, ofStream: try streamName(in: streams), at: now)
        }
        guard let arn = ConsumerARN(text) else { throw .invalidArgument("\(text) is not the ARN of a consumer.") }
        guard name == nil || name == arn.name else { throw .invalidArgument("ConsumerName and ConsumerARN name different consumers.") }
        guard !has("StreamARN") || string("StreamARN").flatMap({ StreamARN($0) }) == arn.stream else {
            throw .invalidArgument("StreamARN and ConsumerARN name different streams.")
        }
        return try streams.consumer(arn, at: now)
    }

    /// What `ResourceARN` names.
    func resource(in streams: Streams) throws(ServiceError) -> ResourceName {
        let text = required("ResourceARN")
        if let consumer = ConsumerARN(text) { return .consumer(consumer) }
        guard let arn = StreamARN(text) else { throw .invalidArgument("\(text) is not the ARN of a stream or a consumer.") }
        return .stream(try streams.name(arn))
    }
}

extension Streams {
    /// Throws ResourceNotFoundException for an ARN of another account or region.
    fileprivate func name(_ arn: StreamARN) throws(ServiceError) -> String {
        guard arn.account == accountID, arn.region == region else {
            throw .resourceNotFound("Stream \(arn.name) under account \(arn.account) not found.")
        }
        return arn.name
    }
}
