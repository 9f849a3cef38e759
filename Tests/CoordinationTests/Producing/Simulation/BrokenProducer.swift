import Records

@testable import Coordination

/// A producer as it is easily written, with one queue and one request at a time, to see whether the checker notices what is wrong with it.
struct BrokenProducer: SimulatedProducer {
    enum Mutation: CaseIterable {
        /// Nothing is broken: one record a request.
        case none
        /// Refused records go behind the later ones of their key.
        case retriesLast
        /// A request holds several records of a key: a refused one is passed by those behind it.
        case keyRepeatsInRequest
        /// Records of a request without an answer are taken for stored.
        case trustsTimeouts
        /// Records with an error code that the author did not know are dropped.
        case dropsUnknownCodes
        /// The next request goes out before the last one has come back.
        case overlaps
        /// One record more than the service takes (async-kinesis's off by one).
        case oneTooMany
        /// The last records stay where they are.
        case forgetsToDrain
    }

    let mutation: Mutation
    let limits: ProducerLimits
    private var queue: [SimulatedEntry] = []
    private var requests: [RequestID: [SimulatedEntry]] = [:]
    private var number: UInt64 = 0
    private var isFinishing = false

    init(_ mutation: Mutation, limits: ProducerLimits) {
        self.mutation = mutation
        self.limits = limits
    }

    let nextWakeUp: MonotonicTime? = nil
    var isDrained: Bool { isFinishing && queue.isEmpty && requests.isEmpty }

    mutating func enqueue(_ entry: SimulatedEntry, now: MonotonicTime) {
        queue.append(entry)
    }

    mutating func finish() {
        isFinishing = true
    }

    mutating func poll(now: MonotonicTime) -> [ProducerEffect<[Item]>] {
        let isFree = requests.isEmpty || (mutation == .overlaps && requests.count < limits.maxInFlight)
        guard isFree, !queue.isEmpty, mutation != .forgetsToDrain || queue.count >= limits.batchSize else { return [] }
        let count =
            switch mutation {
            case .none, .retriesLast, .overlaps: 1
            case .oneTooMany: limits.batchSize + 1
            case .keyRepeatsInRequest, .trustsTimeouts, .dropsUnknownCodes, .forgetsToDrain: limits.batchSize
            }
        let entries = Array(queue.prefix(count))
        queue.removeFirst(entries.count)
        let id = RequestID(number: number)
        number += 1
        requests[id] = entries
        return [.send(id, entries)]
    }

    mutating func completed(_ id: RequestID, _ outcome: RequestOutcome, now: MonotonicTime) -> [ProducerEffect<[Item]>] {
        let entries = requests.removeValue(forKey: id)!
        guard case .answered(let records) = outcome else {
            if mutation == .trustsTimeouts { return [.acknowledge(entries.map(\.token))] }
            retry(entries)
            return []
        }
        let results = zip(entries, records)
        retry(
            results.compactMap { entry, record in
                guard case .failed(let code, _) = record else { return nil }
                return mutation == .dropsUnknownCodes && code == "InternalFailure" ? nil : entry
            })
        return [
            .acknowledge(
                results.compactMap { entry, record in
                    if case .stored = record { entry.token } else { nil }
                })
        ]
    }

    private mutating func retry(_ entries: [SimulatedEntry]) {
        if mutation == .retriesLast { queue += entries } else { queue.insert(contentsOf: entries, at: 0) }
    }

    mutating func shardMapLoaded(_ map: ShardMap, now: MonotonicTime) {}
    mutating func shardMapUnavailable(now: MonotonicTime) {}
}
