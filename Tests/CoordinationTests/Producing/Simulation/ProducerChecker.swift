import Coordination

/// A promise of producers that a run has broken.
enum Violation: Hashable {
    case lost(Item)
    case acknowledgedBeforeStored(Item)
    case acknowledgedTwice(Item)
    case neverAcknowledged(Item)
    /// A key's first appearances are not in the order in which its records came.
    case outOfOrder(key: Int)
    case twoRequestsWithKey(Int)
    case tooManyRecords(Int)
    case tooManyBytes(Int)
    case tooManyRequests(Int)
    case gaveUp(String)
    case didNotEnd
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
        if entries.isEmpty || entries.count > limits.batchSize { violations.insert(.tooManyRecords(entries.count)) }
        let bytes = entries.reduce(0) { $0 + $1.size }
        if bytes > limits.requestBytes { violations.insert(.tooManyBytes(bytes)) }
        let keys = Set(entries.flatMap { $0.token.map(\.key) })
        if limits.ordering == .perKey {
            for key in keysUnderWay.values.reduce(into: Set<Int>(), { $0.formUnion($1) }).intersection(keys) { violations.insert(.twoRequestsWithKey(key)) }
        }
        keysUnderWay[id] = keys
        if keysUnderWay.count > limits.maxInFlight { violations.insert(.tooManyRequests(keysUnderWay.count)) }
    }

    mutating func returned(_ id: RequestID) {
        keysUnderWay[id] = nil
    }

    mutating func acknowledged(_ items: [Item], delivered: Set<Item>) {
        for item in items {
            if !delivered.contains(item) { violations.insert(.acknowledgedBeforeStored(item)) }
            if !acknowledged.insert(item).inserted { violations.insert(.acknowledgedTwice(item)) }
        }
    }

    mutating func gaveUp(_ reason: String) {
        violations.insert(.gaveUp(reason))
    }

    mutating func ended(drained: Bool, delivered: [SimulatedStream.Stored]) {
        guard drained else {
            violations.insert(.didNotEnd)
            return
        }
        var seen: Set<Item> = []
        var latest: [Int: Int] = [:]
        for item in delivered.flatMap(\.items) where seen.insert(item).inserted {
            if limits.ordering == .perKey, item.number < latest[item.key, default: 0] { violations.insert(.outOfOrder(key: item.key)) }
            latest[item.key] = max(item.number, latest[item.key, default: 0])
        }
        for item in accepted {
            if !seen.contains(item) { violations.insert(.lost(item)) }
            if !acknowledged.contains(item) { violations.insert(.neverAcknowledged(item)) }
        }
    }
}
