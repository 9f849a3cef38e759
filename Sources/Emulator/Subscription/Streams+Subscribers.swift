extension Streams {
    /// The stream of a consumer that may read it. Throws ResourceNotFoundException, and ResourceInUseException until it is active.
    func subscribedStream(_ consumerARN: String, at now: Int64) throws(ServiceError) -> StreamState {
        guard let arn = ConsumerARN(consumerARN) else { throw .invalidArgument("\(consumerARN) is not the ARN of a consumer.") }
        let (stream, consumer) = try consumer(arn, at: now)
        guard consumer.status(at: now) == .active else { throw notActive(consumer, ofStream: stream.name) }
        return try readyStream(stream.name, at: now)
    }
}
