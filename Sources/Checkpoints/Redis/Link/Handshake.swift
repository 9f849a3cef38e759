/// What a new connection says before it serves calls, and what the answers mean.
struct Handshake: Sendable, Hashable {
    enum Verdict: Hashable {
        case more
        case done
        /// `isFinal`: another attempt would end in the same way.
        case failed(String, isFinal: Bool)
    }

    private enum Step: Hashable {
        case auth, select, ping
    }

    private let endpoint: RedisEndpoint
    private var steps: [Step]

    init(_ endpoint: RedisEndpoint) {
        self.endpoint = endpoint
        // Always at least one answer, so that a server which accepts connections and cannot serve yet does not count as connected.
        steps = (endpoint.password == nil ? [] : [.auth]) + (endpoint.database == 0 ? [] : [.select]) + [.ping]
    }

    /// All at once: none waits for the answer to another.
    var commands: [[[UInt8]]] {
        steps.map { step in
            switch step {
            case .auth: (["AUTH"] + [endpoint.user, endpoint.password].compactMap { $0 }).map { Array($0.utf8) }
            case .select: ["SELECT", String(endpoint.database)].map { Array($0.utf8) }
            case .ping: [Array("PING".utf8)]
            }
        }
    }

    /// The text of an answer to AUTH is never quoted.
    mutating func replied(_ reply: RESPValue) -> Verdict {
        guard !steps.isEmpty else { return .done }
        let step = steps.removeFirst()
        guard case .error(let error) = reply else { return steps.isEmpty ? .done : .more }
        switch (step, error.code) {
        case (_, "LOADING"): return .failed("it is still loading its data", isFinal: false)
        case (.auth, _): return .failed("it refuses the user or the password", isFinal: true)
        case (_, "NOAUTH"): return .failed("it asks for a password", isFinal: true)
        // A user who may run the scripts need not be allowed to say PING.
        case (.ping, "NOPERM"): return .done
        case (.select, _): return .failed("it refuses database \(endpoint.database): \(error.text)", isFinal: true)
        case (.ping, _): return .failed("it answers \(error.text)", isFinal: false)
        }
    }
}
