public import Records

/// Following the stream through splits and merges.
extension ProducerState {
    /// The shards have been listed.
    public mutating func shardMapLoaded(_ map: ShardMap, now: MonotonicTime) {
        shards.loaded(map, now: now, backoff: limits.refreshBackoff)
        if shards.staged == nil { giveUpWaitingForNews() }
        adoptStagedMap(now: now)
    }

    /// The shards could not be listed: records go on by the map in use, or one request at a time where there is none.
    public mutating func shardMapUnavailable(now: MonotonicTime) {
        shards.unavailable(now: now, backoff: limits.refreshBackoff)
        giveUpWaitingForNews()
    }

    /// What lies in a shard that no listing knows may be anywhere: it is sent again.
    private mutating func giveUpWaitingForNews() {
        for chain in chains.indices where chains[chain].landed != nil { sendAgainInParts(chain) }
    }

    /// Sorts all waiting records into the lanes of the newer map once nothing is under way.
    mutating func adoptStagedMap(now: MonotonicTime) {
        guard requests.isEmpty, let map = shards.adopt() else { return }
        rebuildLanes(map, now: now)

        var aggregates: [PendingEntry<Token>] = []
        var blocked: [(chain: Int, until: MonotonicTime)] = []
        for index in chains.indices {
            let chain = chains[index]
            guard let head = chain.head else { continue }
            guard !head.entry.members.isEmpty else {
                chains[index].lane = map.index(of: head.entry.hashKey) ?? unknownLane
                if let until = chain.blockedUntil { blocked.append((index, until)) } else { makeReady(index, head) }
                continue
            }
            if let landed = chain.landed, map.owns(landed, all: head.entry.members) ?? false {
                judged.append(head.entry.token)
                pendingRecords -= 1
                pendingBytes -= head.entry.size
            } else {
                aggregates.append(head)
            }
            aggregates.append(contentsOf: chain.rest)
            remove(index)
        }
        for (chain, until) in blocked { block(chain: chain, until: until) }
        aggregates.sort { $0.sequence < $1.sequence }
        for pending in aggregates { appendParts(of: pending) }
    }

    /// Lanes for the map's shards; a shard that stays keeps its pace and its backoff.
    private mutating func rebuildLanes(_ map: ShardMap, now: MonotonicTime) {
        var known: [String: ProducerLane] = [:]
        for lane in lanes {
            if let shard = lane.shard?.shard { known[shard] = lane }
        }
        timers.removeAll()
        eligibleLanes.removeAll()
        (eligibleRecords, eligibleBytes) = (0, 0)
        lanes = map.destinations.map { destination in
            let before = known[destination.shard]
            var lane = ProducerLane()
            lane.shard = destination
            lane.pace = before?.pace ?? ShardPace(limits.pace, now: now)
            lane.failures = before?.failures ?? 0
            return lane
        }
        lanes.append(ProducerLane())
        for index in lanes.indices {
            if let shard = lanes[index].shard?.shard, let until = known[shard]?.blockedUntil { block(lane: index, until: until) }
        }
    }

    /// Puts a record at the end of its chain, in parts where it is an aggregate that no one shard of the map owns.
    mutating func appendParts(of pending: PendingEntry<Token>) {
        if let map = shards.map, pending.entry.couldStraddle, let index = map.index(of: pending.entry.hashKey),
            !pending.entry.members.allSatisfy(map.destinations[index].range.contains)
        {
            for part in takeApart(pending) { append(part) }
        } else {
            append(pending)
        }
    }

    /// What an aggregate is made of, in its place: a part for each shard of the map, or for each member where the map sees but one shard.
    mutating func takeApart(_ pending: PendingEntry<Token>) -> [PendingEntry<Token>] {
        var parts = split(pending.entry, shards.map)
        if parts.count < 2 { parts = split(pending.entry, nil) }
        let members = parts.reduce(0) { $0 + $1.members.count }
        precondition(parts.count > 1 && members == pending.entry.members.count, "an aggregate must be split into all of its members")
        statistics.splitAggregates += 1
        pendingRecords += parts.count - 1
        pendingBytes += parts.reduce(0) { $0 + $1.size } - pending.entry.size
        return parts.map { PendingEntry(entry: $0, sequence: pending.sequence, deadline: pending.deadline) }
    }
}
