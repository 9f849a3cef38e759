/// What a registered consumer is doing (AWS: Consumer, ConsumerStatus).
enum ConsumerStatus: String, Sendable, Hashable {
    case creating = "CREATING"
    case active = "ACTIVE"
    case deleting = "DELETING"
}

/// A consumer registered for enhanced fan-out.
struct ConsumerState: Sendable, Hashable {
    let name: String
    /// Milliseconds since 1970; its seconds are part of the ARN.
    let createdAt: Int64
    /// What the consumer is doing until `settlesAt`; after it, it is active, or gone if it was being deleted.
    var change: ConsumerStatus
    /// Milliseconds since 1970.
    var settlesAt: Int64
    var tags: [String: String] = [:]
    /// A JSON document, kept and never applied.
    var policy: String?

    /// Nil when the consumer is gone.
    func status(at now: Int64) -> ConsumerStatus? {
        guard now >= settlesAt else { return change }
        return change == .deleting ? nil : .active
    }

    /// `arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:1800000000`.
    func arn(ofStream streamARN: String) -> String { "\(streamARN)/consumer/\(name):\(createdAt / 1_000)" }
}
