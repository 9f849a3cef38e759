public import Records

/// Filling requests.
extension ProducerState {
    /// Everything that is to be done at this moment.
    public mutating func poll(now: MonotonicTime) -> [ProducerEffect<Token>] {
        guard failure == nil else { return [] }
        releaseTimers(now: now)
        var effects: [ProducerEffect<Token>] = []
        if shards.startRefresh(now: now) { effects.append(.refreshShardMap) }
        guard maySend else { return effects }
        while requests.count < limits.maxInFlight, isDue(now: now), let effect = fillRequest(now: now) { effects.append(effect) }
        return effects
    }

    private func isDue(now: MonotonicTime) -> Bool {
        guard let oldest = oldestEligible else { return false }
        return isFull || oldest.deadline <= now || oldest.sequence < flushedBefore
    }

    /// A request of the oldest records that may go, lane after lane; nil when every lane has to wait for its pace.
    private mutating func fillRequest(now: MonotonicTime) -> ProducerEffect<Token>? {
        var entries: [ProducerEntry<Token>] = []
        var request = SentRequest(chains: [], lanes: [])
        var bytes = 0
        while entries.count < limits.batchSize, let queued = eligibleLanes.first {
            let before = entries.count
            let end = take(from: queued.lane, into: &request, &entries, &bytes, now: now)
            if entries.count > before {
                lanes[queued.lane].inFlight += 1
                request.lanes.append(queued.lane)
            }
            updateLane(queued.lane)
            if end == .requestFull { break }
        }
        guard !entries.isEmpty else { return nil }
        let id = RequestID(number: nextRequest)
        nextRequest += 1
        requests[id] = request
        statistics.requests += 1
        return .send(id, entries)
    }

    private enum TakeEnd {
        case laneEmpty
        case laneBlocked
        case requestFull
    }

    private mutating func take(
        from lane: Int, into request: inout SentRequest, _ entries: inout [ProducerEntry<Token>], _ bytes: inout Int, now: MonotonicTime
    ) -> TakeEnd {
        lanes[lane].pace?.advance(to: now)
        while let place = lanes[lane].ready.first {
            guard entries.count < limits.batchSize, bytes + place.size <= limits.requestBytes else { return .requestFull }
            guard lanes[lane].pace?.take(size: place.size) ?? true else {
                let wait = max(limits.paceSlice, lanes[lane].pace?.delay(untilSize: place.size) ?? .zero)
                block(lane: lane, until: now + wait)
                return .laneBlocked
            }
            lanes[lane].ready.removeFirst()
            lanes[lane].readyBytes -= place.size
            bytes += place.size
            entries.append(chains[place.chain].head!.entry)
            request.chains.append(place.chain)
        }
        return .laneEmpty
    }
}
