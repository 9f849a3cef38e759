import Records

/// The faults that happen to one request, as the code that answers it asks for them.
struct RequestFaults: Sendable, Hashable {
    /// What becomes of the request as a whole.
    enum Outcome: Sendable, Hashable {
        case error(ErrorReply)
        case timeout(FaultEffect.Application)
        case cut(FaultEffect.CutPoint)
    }

    private(set) var latency: Duration = .zero
    /// That of the first rule that has one.
    private(set) var outcome: Outcome?
    private(set) var isEmpty = false
    private(set) var isStale = false
    private(set) var omitsChildren = false
    private(set) var isCorrupt = false
    private var refusals: [InjectedFault] = []

    init() {}

    init(_ faults: [InjectedFault]) {
        for fault in faults {
            switch fault.effect {
            case .failRecords: refusals.append(fault)
            case .error(let error): outcome = outcome ?? .error(error)
            case .latency(let duration): latency += duration
            case .timeout(let application): outcome = outcome ?? .timeout(application)
            case .cut(let point): outcome = outcome ?? .cut(point)
            case .empty: isEmpty = true
            case .stale: isStale = true
            case .omitChildren: omitsChildren = true
            case .corrupt: isCorrupt = true
            }
        }
    }

    var failsRecords: Bool { !refusals.isEmpty }

    /// The error codes of the records that fail, by their places among `shards`, the ids of the shards they go to.
    func refused(_ shards: [String]) -> [Int: String] {
        var codes: [Int: String] = [:]
        for fault in refusals {
            guard case .failRecords(let failed) = fault.effect else { continue }
            var generator = SplitMix64(seed: fault.seed)
            for (place, shard) in shards.enumerated() {
                let isHit = Double.random(in: 0..<1, using: &generator) < failed.fraction
                if isHit, fault.shard == nil || fault.shard == shard, codes[place] == nil { codes[place] = failed.code }
            }
        }
        return codes
    }
}

extension ServiceError {
    /// An error of a fault file.
    init(injected code: String, status: Int? = nil) {
        self.init(code: code, message: "A fault that was asked for.", status: status ?? Self.status(of: code))
    }

    /// AWS: Kinesis API Reference, "Common Errors"; faults of the client are 400.
    private static func status(of code: String) -> Int {
        switch code {
        case "InternalFailure", "InternalFailureException", "InternalServerError": 500
        case "ServiceUnavailable", "ServiceUnavailableException": 503
        case "AccessDeniedException", "MissingAuthenticationToken", "OptInRequired": 403
        default: 400
        }
    }
}
