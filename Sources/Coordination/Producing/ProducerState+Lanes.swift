import DequeModule
import Records

/// Where records wait: finding their lane and chain, and keeping the totals right.
extension ProducerState {
    var unknownLane: Int { lanes.count - 1 }

    /// Puts a record at the end of its chain.
    mutating func append(_ pending: PendingEntry<Token>) {
        let lane = shards.map?.index(of: pending.entry.hashKey) ?? unknownLane
        guard let key = chainKey(of: pending.entry, lane: lane) else {
            makeReady(insert(ProducerChain(key: nil, lane: lane, head: pending)), pending)
            return
        }
        if let chain = chainOfKey[key] {
            chains[chain].rest.append(pending)
        } else {
            let chain = insert(ProducerChain(key: key, lane: lane, head: pending))
            chainOfKey[key] = chain
            makeReady(chain, pending)
        }
    }

    private func chainKey(of entry: ProducerEntry<Token>, lane: Int) -> ChainKey? {
        guard limits.ordering == .perKey else { return nil }
        guard entry.members.isEmpty else { return .lane(lane) }
        return .key(entry.hashKey, pinned: entry.explicitHashKey == nil ? nil : entry.partitionKey)
    }

    private mutating func insert(_ chain: ProducerChain<Token>) -> Int {
        if let free = freeChains.popLast() {
            chains[free] = chain
            return free
        }
        chains.append(chain)
        return chains.count - 1
    }

    /// The head of the chain may be sent.
    mutating func makeReady(_ chain: Int) {
        makeReady(chain, chains[chain].head!)
    }

    mutating func makeReady(_ chain: Int, _ head: PendingEntry<Token>) {
        let (lane, size) = (chains[chain].lane, head.entry.size)
        lanes[lane].ready.insert(.init(sequence: head.sequence, chain: chain, size: size, deadline: head.deadline))
        lanes[lane].readyBytes += size
        updateLane(lane)
    }

    /// The head of the chain is stored: the next record takes its place.
    mutating func advance(_ chain: Int) {
        if let next = chains[chain].rest.popFirst() {
            chains[chain].head = next
            chains[chain].failures = 0
            makeReady(chain, next)
        } else {
            remove(chain)
        }
    }

    mutating func remove(_ chain: Int) {
        if let key = chains[chain].key { chainOfKey[key] = nil }
        chains[chain].head = nil
        chains[chain].rest = []
        chains[chain].blockedUntil = nil
        chains[chain].landed = nil
        freeChains.append(chain)
    }

    mutating func block(chain: Int, until time: MonotonicTime) {
        chains[chain].blockedUntil = time
        timers.insert(ProducerTimer(time: time, subject: .chain(chain)))
    }

    /// Call `updateLane` after it.
    mutating func block(lane: Int, until time: MonotonicTime) {
        let time = max(time, lanes[lane].blockedUntil ?? time)
        guard lanes[lane].blockedUntil != time else { return }
        lanes[lane].blockedUntil = time
        timers.insert(ProducerTimer(time: time, subject: .lane(lane)))
    }

    mutating func releaseTimers(now: MonotonicTime) {
        while let timer = timers.first, timer.time <= now {
            timers.removeFirst()
            switch timer.subject {
            case .lane(let lane) where lanes[lane].blockedUntil == timer.time:
                lanes[lane].blockedUntil = nil
                updateLane(lane)
            case .chain(let chain) where chains[chain].blockedUntil == timer.time:
                chains[chain].blockedUntil = nil
                makeReady(chain)
            default: break
            }
        }
    }

    /// Brings the totals and the queue of lanes up to what the lane has become.
    mutating func updateLane(_ lane: Int) {
        let oldest = lanes[lane].ready.first
        let isFree = limits.ordering == .none || lanes[lane].inFlight == 0
        let isEligible = oldest != nil && isFree && lanes[lane].blockedUntil == nil
        let (records, bytes) = isEligible ? (lanes[lane].ready.count, lanes[lane].readyBytes) : (0, 0)
        eligibleRecords += records - lanes[lane].countedRecords
        eligibleBytes += bytes - lanes[lane].countedBytes
        lanes[lane].countedRecords = records
        lanes[lane].countedBytes = bytes

        let place = isEligible ? oldest?.sequence : nil
        if lanes[lane].queuedAt != place {
            lanes[lane].queuedAt = place
            if let place { eligibleLanes.insert(QueuedLane(sequence: place, lane: lane)) }
        }
        while let first = eligibleLanes.first, lanes[first.lane].queuedAt != first.sequence { eligibleLanes.removeFirst() }
    }
}
