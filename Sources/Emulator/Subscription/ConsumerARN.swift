extension Pattern {
    /// ConsumerARN.
    static let consumerARN = Pattern(
        text: "^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+"
    ) { $0.contains(":stream/") && $0.contains("/consumer/") }
}

extension Streams {
    /// The stream of a registered consumer. Throws ResourceNotFoundException.
    func subscribedStream(_ consumerARN: String, at now: Int64) throws(ServiceError) -> StreamState {
        let arn = consumerARN.split(separator: "/consumer/").first.map(String.init).flatMap { StreamARN($0) }
        guard let arn, arn.account == accountID, arn.region == region else {
            throw .resourceNotFound("Consumer \(consumerARN) not found.")
        }
        return try readyStream(arn.name, at: now)
    }
}
