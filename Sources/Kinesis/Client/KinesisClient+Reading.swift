import JSON
import NIOCore
import Records

extension KinesisClient: StreamReading {
    /// One attempt: the reader of the shard decides what a failure means.
    public func getRecords(_ iterator: String, limit: Int, stream: StreamIdentifier) async throws(KinesisError) -> GetRecordsReply {
        try await getRecords(iterator, limit: limit, stream: stream, retry: .never)
    }

    /// Shared by all clients of this process that reach the stream by the same host.
    public func readPace(_ stream: StreamIdentifier, shard: String) -> SharedReadPace {
        ReadPaces.process.pace(.init(endpoint: endpoint(for: stream), stream: stream.name, shard: shard))
    }

    /// One subscription, over HTTP/2 where the endpoint speaks TLS, else over HTTP/1.1; it lives for five minutes.
    public func subscribe(
        _ consumer: StreamConsumer, _ stream: StreamIdentifier, shard: String, at start: IteratorStart, opened: () -> Void,
        receive: (ShardEvent) async -> Bool
    ) async throws(KinesisError) {
        let call = SubscribeToShard(source: stream, consumerARN: consumer.arn, shard: shard, start: start)
        let (request, credentials) = try await signedRequest(for: call)
        var reader = EventStreamReader()
        var isEnough = false
        let refusal: TransportReply?
        do {
            refusal = try await subscriptions.stream(request, opened: opened) { part in
                reader.append(part)
                while let message = try reader.next() {
                    guard let event = try call.event(message), await !receive(event) else { continue }
                    isEnough = true
                    return false
                }
                return true
            }
        } catch let error as KinesisError {
            throw error
        } catch let error as EventStreamError {
            // What follows is not to be trusted: as if the connection had broken.
            throw call.failure(.connection, "SpoiledEventStream", error.description)
        } catch let error as TransportError {
            throw KinesisError(transport: error, operation: .subscribeToShard, stream: stream)
        } catch {
            throw call.failure(.connection, "Connection", "\(error)")
        }
        if let refusal {
            let error = KinesisError(reply: refusal, operation: .subscribeToShard, stream: stream)
            if error.kind == .expiredCredentials { await reject(credentials) }
            throw error
        }
        guard isEnough || !reader.isPartial else {
            throw call.failure(.connection, "SpoiledEventStream", "the stream of events ended in the middle of a message")
        }
    }
}
