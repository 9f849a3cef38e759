/// Consumers registered for enhanced fan-out.
extension Streams {
    /// The consumer that an ARN names. Throws ResourceNotFoundException.
    func consumer(_ arn: ConsumerARN, at now: Int64) throws(ServiceError) -> (stream: StreamState, consumer: ConsumerState) {
        let missing = ServiceError.resourceNotFound("Consumer \(arn.text) not found.")
        guard arn.stream.account == accountID, arn.stream.region == region, let stream = byName[arn.stream.name],
            stream.status(at: now) != nil, let consumer = stream.consumers.first(where: { $0.name == arn.name }),
            consumer.createdAt / 1_000 == arn.createdSeconds, consumer.status(at: now) != nil
        else { throw missing }
        return (stream, consumer)
    }

    /// Throws ResourceNotFoundException.
    func consumer(_ name: String, ofStream streamName: String, at now: Int64) throws(ServiceError) -> (
        stream: StreamState, consumer: ConsumerState
    ) {
        let stream = try stream(streamName, at: now)
        guard let consumer = stream.consumers.first(where: { $0.name == name }), consumer.status(at: now) != nil else {
            throw .resourceNotFound("Consumer \(name), account \(accountID), stream \(streamName) not found.")
        }
        return (stream, consumer)
    }

    mutating func registerConsumer(
        _ name: String, ofStream streamName: String, tags: [String: String], at now: Int64
    ) throws(ServiceError) -> (ConsumerState, [StoreChange]) {
        let stream = try readyStream(streamName, at: now)
        let present = stream.consumers.filter { $0.status(at: now) != nil }
        guard !present.contains(where: { $0.name == name }) else {
            throw .resourceInUse("Consumer \(name) under stream \(streamName) and account \(accountID) already exists.")
        }
        guard present.count < Limits.consumersPerStream else {
            throw .limitExceeded(
                "Stream \(streamName) under account \(accountID) has \(present.count) registered consumers, which is the maximum.")
        }
        guard present.count(where: { $0.status(at: now) == .creating }) < Limits.consumersBeingCreated else {
            throw .limitExceeded(
                "Stream \(streamName) under account \(accountID) has \(Limits.consumersBeingCreated) consumers in CREATING status, "
                    + "which is the maximum.")
        }
        try TagRules.check(adding: tags, to: [:], of: "consumer \(name)")
        let consumer = ConsumerState(name: name, createdAt: now, change: .creating, settlesAt: now + stateChangeMilliseconds, tags: tags)
        return (consumer, change(streamName) { $0.consumers = present + [consumer] })
    }

    mutating func deregisterConsumer(
        _ name: String, ofStream streamName: String, at now: Int64
    ) throws(ServiceError) -> [StoreChange] {
        let (_, consumer) = try consumer(name, ofStream: streamName, at: now)
        guard consumer.status(at: now) == .active else { throw notActive(consumer, ofStream: streamName) }
        let delay = stateChangeMilliseconds
        return changeConsumer(name, ofStream: streamName, at: now) { consumer in
            consumer.change = .deleting
            consumer.settlesAt = now + delay
        }
    }

    func notActive(_ consumer: ConsumerState, ofStream streamName: String) -> ServiceError {
        .resourceInUse(
            "Consumer \(consumer.name) with creation timestamp \(consumer.createdAt / 1_000) under stream: \(streamName), account "
                + "\(accountID) is not in ACTIVE status.")
    }

    /// Changes a consumer, and forgets those that are gone.
    mutating func changeConsumer(
        _ name: String, ofStream streamName: String, at now: Int64, _ body: (inout ConsumerState) -> Void
    ) -> [StoreChange] {
        change(streamName) { stream in
            for position in stream.consumers.indices where stream.consumers[position].name == name {
                body(&stream.consumers[position])
            }
            stream.consumers.removeAll { $0.status(at: now) == nil }
        }
    }
}
