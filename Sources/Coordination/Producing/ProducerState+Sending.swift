public import Records

/// Filling requests.
extension ProducerState {
    /// Everything that is to be done at this moment.
    public mutating func poll(now: MonotonicTime) -> [ProducerEffect<Token>] {
        guard failure == nil else { return [] }
        releaseTimers(now: now)
        var effects: [ProducerEffect<Token>] = []
        if !judged.isEmpty {
            effects.append(.acknowledge(judged))
            judged = []
        }
        if shards.startRefresh(now: now) { effects.append(.refreshShardMap) }
        guard maySend else { return effects }
        var abandoned: [Token] = []
        while mayStartRequest, isDue(now: now), let effect = fillRequest(&abandoned, now: now) {
            effects.append(effect)
        }
        if !abandoned.isEmpty { effects.append(.acknowledge(abandoned)) }
        return effects
    }

    private func isDue(now: MonotonicTime) -> Bool {
        guard let oldest = oldestEligible else { return false }
        return isFull || oldest.deadline <= now || oldest.sequence < flushedBefore
    }

    /// A request of the oldest records that may go, lane after lane; nil when every lane has to wait for its pace.
    private mutating func fillRequest(_ abandoned: inout [Token], now: MonotonicTime) -> ProducerEffect<Token>? {
        var entries: [ProducerEntry<Token>] = []
        var request = SentRequest(chains: [], lanes: [], bytes: 0)
        var bytes = 0
        while entries.count < limits.batchSize, let queued = eligibleLanes.first {
            let before = entries.count
            let end = take(from: queued.lane, into: &request, &entries, &bytes, &abandoned, now: now)
            if entries.count > before {
                lanes[queued.lane].inFlight += 1
                request.lanes.append(queued.lane)
            }
            updateLane(queued.lane)
            if end == .requestFull { break }
        }
        guard !entries.isEmpty else { return nil }
        request.bytes = bytes
        bytesInFlight += bytes
        let id = RequestID(number: nextRequest)
        nextRequest += 1
        requests[id] = request
        statistics.requests += 1
        return .send(id, entries)
    }

    /// What a request may hold at most, of which so much is taken.
    private func room(in bytes: Int) -> Int {
        let isLast = requests.count + 1 >= limits.maxInFlight
        return bytes == 0 || isLast ? limits.requestBytes : min(limits.enoughBytes, limits.requestBytes)
    }

    private enum TakeEnd {
        case laneEmpty
        case laneBlocked
        case requestFull
    }

    private mutating func take(
        from lane: Int, into request: inout SentRequest, _ entries: inout [ProducerEntry<Token>], _ bytes: inout Int,
        _ abandoned: inout [Token], now: MonotonicTime
    ) -> TakeEnd {
        lanes[lane].pace?.advance(to: now)
        while let place = lanes[lane].ready.first {
            if let isAbandoned, isAbandoned(chains[place.chain].head!.entry.token) {
                abandoned.append(abandon(place, in: lane))
                continue
            }
            guard entries.count < limits.batchSize, bytes + place.size <= room(in: bytes) else { return .requestFull }
            guard lanes[lane].pace?.take(size: place.size) ?? true else {
                if let pace = lanes[lane].pace { block(lane: lane, until: resumption(of: lanes[lane], pace, next: place.size, now: now)) }
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

    /// The head of a chain goes without being sent.
    private mutating func abandon(_ place: ProducerLane.Place, in lane: Int) -> Token {
        lanes[lane].ready.removeFirst()
        lanes[lane].readyBytes -= place.size
        pendingRecords -= 1
        pendingBytes -= place.size
        statistics.abandonedRecords += 1
        let token = chains[place.chain].head!.entry.token
        advance(place.chain)
        return token
    }

    /// When a lane that has used up its pace sends again: once all that is ready may go, or at the next slice of time if that is sooner.
    ///
    /// Slices begin at the same moments for all lanes, so that shards at their limit share requests instead of each having its own.
    private func resumption(of lane: ProducerLane, _ pace: ShardPace, next size: Int, now: MonotonicTime) -> MonotonicTime {
        let least = now + pace.delay(untilSize: size)
        let all = now + pace.delay(untilRecords: lane.ready.count, bytes: lane.readyBytes)
        let slice = limits.paceSlice.wholeNanoseconds
        let halfway = now.nanoseconds + slice / 2
        let next = MonotonicTime(nanoseconds: halfway - halfway % slice + slice)
        return max(least, min(all, next))
    }
}
