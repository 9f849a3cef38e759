import Records

extension KinesisClient {
    /// Waits until a stream that was just created takes calls: seconds on AWS. Throws a `Failure` after five minutes, or a `KinesisError`.
    public func waitUntilUsable(_ stream: StreamIdentifier) async throws {
        let deadline = ContinuousClock.now + .seconds(300)
        while try await !isUsable(stream) {
            guard ContinuousClock.now < deadline else {
                throw Failure("stream_not_active", "the stream \(stream.name) has not become active in five minutes")
            }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    /// A stream that was created a moment ago may not be known everywhere yet.
    private func isUsable(_ stream: StreamIdentifier) async throws(KinesisError) -> Bool {
        do throws(KinesisError) {
            return try await describeStreamSummary(stream).isUsable
        } catch {
            guard error.kind == .notFound else { throw error }
            return false
        }
    }
}
