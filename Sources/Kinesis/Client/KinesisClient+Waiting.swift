import Records

extension KinesisClient {
    /// Waits until a stream that was just created takes calls: seconds on AWS. Throws a `Failure` after five minutes, or a `KinesisError`.
    public func waitUntilUsable(_ stream: StreamIdentifier) async throws {
        let deadline = ContinuousClock.now + .seconds(300)
        while try await !describeStreamSummary(stream).isUsable {
            guard ContinuousClock.now < deadline else {
                throw Failure("stream_not_active", "the stream \(stream.name) has not become active in five minutes")
            }
            try await Task.sleep(for: .milliseconds(250))
        }
    }
}
