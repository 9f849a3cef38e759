import Records

/// Who is subscribed to which shard: one connection for each consumer and shard (AWS: Kinesis API Reference, SubscribeToShard).
struct SubscriptionTable: Sendable {
    struct Key: Sendable, Hashable {
        var consumerARN: String
        var shard: Int64
    }

    private struct Entry {
        var id: Int
        var startedAt: MonotonicTime
        var isRunning = true
    }

    /// A call so soon after a successful one fails; a later one takes over.
    static let exclusive = Duration.seconds(5)

    /// A call within five seconds fails even when the subscription of the call before has ended, as it does at AWS.
    let isStrict: Bool
    private var entries: [Key: Entry] = [:]
    private var nextID = 0

    init(isStrict: Bool) {
        self.isStrict = isStrict
    }

    /// Answers the number of the new subscription. Throws ResourceInUseException.
    mutating func begin(_ key: Key, now: MonotonicTime) throws(ServiceError) -> Int {
        if let entry = entries[key], entry.isRunning || isStrict, now - entry.startedAt < Self.exclusive {
            throw .resourceInUse(
                "Another active subscription exists for this consumer: \(key.consumerARN). A call takes over 5 seconds after the last one.")
        }
        nextID += 1
        entries[key] = Entry(id: nextID, startedAt: now)
        return nextID
    }

    /// Whether a subscription has not been taken over.
    func holds(_ key: Key, id: Int) -> Bool { entries[key]?.id == id }

    mutating func end(_ key: Key, id: Int, now: MonotonicTime) {
        guard holds(key, id: id) else { return }
        entries[key]?.isRunning = false
        entries = entries.filter { $1.isRunning || now - $1.startedAt < Self.exclusive }
    }
}
