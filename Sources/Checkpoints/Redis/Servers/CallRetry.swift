import Records

/// What becomes of a call whose answer is an error of the moment, or did not come.
///
/// Pure: it is told how each attempt went, and answers what is to be done.
struct CallRetry {
    enum Verdict: Equatable {
        /// The call is over; its last outcome stands.
        case over
        /// `pause` comes first. Where the topology may have changed it is to be asked for.
        case again(Redirection?, pause: Duration, refresh: Bool)
    }

    let isIdempotent: Bool
    /// Redirections are followed, and a server that cannot be reached may have been replaced by another.
    let isCluster: Bool
    private var pauses = 0
    private var redirections = 0
    private var lostReplies = 0

    /// redis-cli gives up after 16 as well; a cluster that moves slots answers with one or two.
    static let redirectionsMax = 16

    init(isIdempotent: Bool, isCluster: Bool) {
        self.isIdempotent = isIdempotent
        self.isCluster = isCluster
    }

    mutating func verdict(on outcome: Result<RESPValue, LinkFailure>) -> Verdict {
        switch outcome {
        case .success(.error(let error)): verdict(on: error)
        case .success: .over
        case .failure(.unreachable) where isCluster: later(refresh: true)
        case .failure(.ambiguous) where isCluster && isIdempotent && lostReplies == 0: lostReply()
        case .failure: .over
        }
    }

    private mutating func verdict(on error: RESPError) -> Verdict {
        if isCluster, let redirection = Redirection(error) {
            redirections += 1
            guard redirections <= Self.redirectionsMax else { return .over }
            return .again(redirection, pause: .zero, refresh: !redirection.isAsking)
        }
        return error.isTemporary ? later(refresh: isCluster) : .over
    }

    private mutating func lostReply() -> Verdict {
        lostReplies += 1
        return later(refresh: true)
    }

    /// 50 ms, twice as much each time, and at most a second: a failover takes some of those.
    private mutating func later(refresh: Bool) -> Verdict {
        defer { pauses += 1 }
        return .again(nil, pause: min(.milliseconds(50) * (1 << min(pauses, 10)), .seconds(1)), refresh: refresh)
    }
}

/// Another server of the cluster that has the slot: for good (MOVED), or for the keys that have been moved there already (ASK)
/// (redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec, "Redirection and resharding").
struct Redirection: Hashable {
    var slot: Int
    /// Nil for the host of the server that answered.
    var host: String?
    var port: Int
    var isAsking: Bool

    /// Nil for any other error.
    init?(_ error: RESPError) {
        let words = error.text.split(separator: " ")
        guard words.count == 3, words[0] == "MOVED" || words[0] == "ASK", let slot = Int(words[1]), HashSlot.all.contains(slot),
            let colon = words[2].lastIndex(of: ":"), let port = Int(words[2][words[2].index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        let host = words[2][..<colon]
        self.slot = slot
        self.host = host.isEmpty ? nil : String(host.first == "[" ? host.dropFirst().dropLast() : host)
        self.port = port
        isAsking = words[0] == "ASK"
    }
}

extension RESPError {
    /// The command was not applied, and may well be in a moment, here or elsewhere: the server is a replica, loads its data, waits for its
    /// primary, moves a slot or runs somebody's long script.
    var isTemporary: Bool {
        switch code {
        case "READONLY", "LOADING", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN", "BUSY": true
        // The last is what a script is told that comes upon a key which its slot has been moved away from.
        default: isFromReplica || text.contains("access a non local key")
        }
    }

    /// Before version 7 what a script was answered stands in the middle of its own error.
    var isFromReplica: Bool { text.contains("READONLY You can't write against a read only") }
}
