import Coordination

/// A promise of producers that a run has broken.
struct Violation: Hashable {
    enum Kind: Hashable {
        case lost
        case acknowledgedBeforeStored
        case acknowledgedTwice
        case neverAcknowledged
        /// A key's first appearances are not in the order in which its records came.
        case outOfOrder
        case twoRequestsWithKey
        case tooManyRecords
        case tooManyBytes
        case tooManyRequests
        case gaveUp
        case didNotEnd
    }

    var kind: Kind
    /// The item, key or number that shows it.
    var subject: String
}

/// Watches a run from outside and says which promises were broken.
struct ProducerChecker {
    let limits: ProducerLimits
    private var accepted: [Item] = []
    private var acknowledged: Set<Item> = []
    private var keysUnderWay: [RequestID: Set<Int>] = [:]
    private(set) var violations: Set<Violation> = []

    init(limits: ProducerLimits) {
        self.limits = limits
    }

    mutating func accepted(_ items: [Item]) {
        accepted += items
    }

    mutating func sent(_ id: RequestID, _ entries: [SimulatedEntry]) {
        if entries.isEmpty || entries.count > limits.batchSize { report(.tooManyRecords, entries.count) }
        let bytes = entries.reduce(0) { $0 + $1.size }
        if bytes > limits.requestBytes { report(.tooManyBytes, bytes) }
        let keys = Set(entries.flatMap { $0.token.map(\.key) })
        if limits.ordering == .perKey {
            for key in keysUnderWay.values.reduce(into: Set<Int>(), { $0.formUnion($1) }).intersection(keys) {
                report(.twoRequestsWithKey, key)
            }
        }
        keysUnderWay[id] = keys
        if keysUnderWay.count > limits.maxInFlight { report(.tooManyRequests, keysUnderWay.count) }
    }

    mutating func returned(_ id: RequestID) {
        keysUnderWay[id] = nil
    }

    mutating func acknowledged(_ items: [Item], delivered: Set<Item>) {
        for item in items {
            if !delivered.contains(item) { report(.acknowledgedBeforeStored, item) }
            if !acknowledged.insert(item).inserted { report(.acknowledgedTwice, item) }
        }
    }

    mutating func gaveUp(_ reason: String) {
        report(.gaveUp, reason)
    }

    /// - Parameter cutOff: the run was stopped in its midst, so that records may be on their way.
    mutating func ended(drained: Bool, cutOff: Bool, delivered: [SimulatedStream.Stored]) {
        if !drained, !cutOff {
            report(.didNotEnd, limits)
            return
        }
        var seen: Set<Item> = []
        var latest: [Int: Int] = [:]
        for item in delivered.flatMap(\.items) where seen.insert(item).inserted {
            if limits.ordering == .perKey, item.number < latest[item.key, default: 0] { report(.outOfOrder, item.key) }
            latest[item.key] = max(item.number, latest[item.key, default: 0])
        }
        for item in accepted where !cutOff {
            if !seen.contains(item) { report(.lost, item) }
            if !acknowledged.contains(item) { report(.neverAcknowledged, item) }
        }
    }

    private mutating func report(_ kind: Violation.Kind, _ subject: some Any) {
        violations.insert(Violation(kind: kind, subject: "\(subject)"))
    }
}
