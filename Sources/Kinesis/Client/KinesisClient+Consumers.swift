import Records

extension KinesisClient {
    /// Registers a consumer for enhanced fan-out; it can subscribe once it is ACTIVE.
    public func registerStreamConsumer(_ stream: StreamARN, name: String) async throws(KinesisError) -> StreamConsumer {
        try await perform(RegisterStreamConsumer(target: stream, name: name))
    }

    /// A registered consumer as it is now.
    public func describeStreamConsumer(_ stream: StreamARN, name: String) async throws(KinesisError) -> StreamConsumer {
        try await perform(DescribeStreamConsumer(target: stream, name: name))
    }

    /// Starts to remove a consumer. No pipeline does so at its end: all agents of a group read as the same consumer.
    public func deregisterStreamConsumer(_ stream: StreamARN, name: String) async throws(KinesisError) {
        try await perform(DeregisterStreamConsumer(target: stream, name: name))
    }

    /// The consumer of this name, registered where it is missing, once it can subscribe.
    ///
    /// Throws a `Failure` where it does not become ACTIVE in five minutes, or a `KinesisError`.
    public func activeConsumer(_ stream: StreamIdentifier, name: String) async throws -> StreamConsumer {
        let arn = try await streamARN(stream)
        let deadline = ContinuousClock.now + Self.longestRegistration
        while ContinuousClock.now < deadline {
            if let consumer = try await describedConsumer(arn, name: name) {
                if consumer.status == .active { return consumer }
            } else {
                try await register(arn, name: name)
            }
            try await Task.sleep(for: .milliseconds(250))
        }
        throw Failure("consumer_not_active", "the consumer \(name) of the stream \(stream.name) has not become active in five minutes")
    }

    private static let longestRegistration = Duration.seconds(300)

    private func streamARN(_ stream: StreamIdentifier) async throws -> StreamARN {
        if case .arn(let arn) = stream { return arn }
        let text = try await describeStreamSummary(stream).arn
        guard let arn = StreamARN(text) else { throw Failure("stream_arn_invalid", "the server gives the stream \(stream.name) no ARN") }
        return arn
    }

    private func describedConsumer(_ stream: StreamARN, name: String) async throws(KinesisError) -> StreamConsumer? {
        do {
            return try await describeStreamConsumer(stream, name: name)
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    private func register(_ stream: StreamARN, name: String) async throws(KinesisError) {
        do {
            _ = try await registerStreamConsumer(stream, name: name)
        } catch {
            // Another agent of the group may have been faster.
            if error.kind != .resourceInUse { throw error }
        }
    }
}
