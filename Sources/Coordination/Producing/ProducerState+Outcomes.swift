import DequeModule
public import Records

/// Taking in what became of requests.
extension ProducerState {
    /// A request has come back.
    public mutating func completed(_ id: RequestID, _ outcome: RequestOutcome, now: MonotonicTime) -> [ProducerEffect<Token>] {
        guard failure == nil, let request = requests.removeValue(forKey: id) else { return [] }
        bytesInFlight -= request.bytes
        for lane in request.lanes { lanes[lane].inFlight -= 1 }
        let effects: [ProducerEffect<Token>]
        switch outcome {
        case .answered(let records) where records.count == request.chains.count:
            effects = answered(request, records, now: now)
        case .answered(let records):
            let what = Failure("unexpected_reply", "PutRecords answered \(records.count) of \(request.chains.count) records")
            effects = failed(request, RequestFailure(.transient, what), now: now)
        case .failed(let what):
            effects = failed(request, what, now: now)
        }
        guard failure == nil else { return effects }
        for lane in request.lanes { updateLane(lane) }
        adoptStagedMap(now: now)
        return effects
    }

    private mutating func answered(_ request: SentRequest, _ records: [RecordOutcome], now: MonotonicTime) -> [ProducerEffect<Token>] {
        var stored: [Token] = []
        stored.reserveCapacity(records.count)
        var throttledLanes: Set<Int> = []
        var fatal: Failure?
        for (chain, record) in zip(request.chains, records) {
            switch record {
            case .stored(let shard):
                if let token = self.stored(chain, in: shard, now: now) { stored.append(token) }
            case .failed(let code, let message):
                switch RecordOutcome.kind(ofCode: code) {
                case .throttled:
                    statistics.throttledRecords += 1
                    if lanes[chains[chain].lane].shard == nil {
                        retryLater(chain, limits.throttleBackoff, now: now)
                    } else {
                        throttledLanes.insert(chains[chain].lane)
                        makeReady(chain)
                    }
                case .transient:
                    statistics.failedRecords += 1
                    statistics.latestFailure = Failure(code, message)
                    retryLater(chain, limits.transientBackoff, now: now)
                case .lasting, .fatal:
                    fatal = fatal ?? Failure(code, message)
                }
            }
        }
        for lane in throttledLanes.sorted() {
            lanes[lane].pace?.throttled(now: now)
            holdBack(lane, limits.throttleBackoff, now: now)
        }
        var effects: [ProducerEffect<Token>] = []
        if !stored.isEmpty { effects.append(.acknowledge(stored)) }
        if let fatal { effects.append(end(fatal)) }
        return effects
    }

    /// The token to acknowledge, unless the aggregate is in a shard that does not own all of it and has to be sent again in parts.
    private mutating func stored(_ chain: Int, in shard: String, now: MonotonicTime) -> Token? {
        let pending = chains[chain].head!
        let lane = chains[chain].lane
        lanes[lane].failures = 0
        lastingSince = nil
        statistics.storedRecords += 1
        statistics.storedBytes += pending.entry.size
        if lanes[lane].shard?.shard != shard {
            shards.distrust(now: now)
            switch shards.map?.owns(shard, all: pending.entry.members) {
            case _ where !pending.entry.couldStraddle, true?: break
            case nil where shards.awaitsNews(now: now):
                chains[chain].landed = shard
                return nil
            default:
                sendAgainInParts(chain)
                return nil
            }
        }
        pendingRecords -= 1
        pendingBytes -= pending.entry.size
        advance(chain)
        return pending.entry.token
    }

    /// The head, stored where its readers will not take it, goes once more in parts.
    mutating func sendAgainInParts(_ chain: Int) {
        let parts = takeApart(chains[chain].head!)
        chains[chain].landed = nil
        chains[chain].head = parts[0]
        chains[chain].rest.prepend(contentsOf: parts.dropFirst())
        makeReady(chain)
    }

    private mutating func failed(_ request: SentRequest, _ what: RequestFailure, now: MonotonicTime) -> [ProducerEffect<Token>] {
        statistics.failedRequests += 1
        statistics.latestFailure = what.failure
        guard !isHopeless(what.kind, now: now) else { return [end(what.failure)] }
        for chain in request.chains { makeReady(chain) }
        for lane in request.lanes {
            let backoff = what.kind == .throttled ? limits.throttleBackoff : limits.transientBackoff
            holdBack(lane, backoff, atLeast: what.retryAfter ?? .zero, now: now)
        }
        return []
    }

    private mutating func isHopeless(_ kind: RequestFailure.Kind, now: MonotonicTime) -> Bool {
        switch kind {
        case .transient, .throttled: return false
        case .fatal: return true
        case .lasting(let patience):
            let since = lastingSince ?? now
            lastingSince = since
            return now - since >= (statistics.storedRecords > 0 ? patience : min(patience, limits.patienceAtFirst))
        }
    }

    /// Nothing leaves the lane for a while.
    private mutating func holdBack(_ lane: Int, _ backoff: Backoff, atLeast least: Duration = .zero, now: MonotonicTime) {
        lanes[lane].failures += 1
        block(lane: lane, until: now + max(least, backoff.delay(afterFailures: lanes[lane].failures, using: &jitter)))
    }

    /// The key waits; the rest of the lane goes on.
    private mutating func retryLater(_ chain: Int, _ backoff: Backoff, now: MonotonicTime) {
        chains[chain].failures += 1
        block(chain: chain, until: now + backoff.delay(afterFailures: chains[chain].failures, using: &jitter))
    }

    private mutating func end(_ what: Failure) -> ProducerEffect<Token> {
        abort(what)
        return .fail(what)
    }

    /// Ends the producer from outside: nothing is sent or accepted any more, and answers still to come are ignored.
    public mutating func abort(_ what: Failure) {
        guard failure == nil else { return }
        failure = what
        requests.removeAll()
    }
}
