/// When credentials are loaded, and which are used until then: the decisions, without clock, task or network.
///
/// From 15 minutes before their end credentials are replaced in the background, from 10 minutes before it callers wait for the new ones
/// (botocore's advisory and mandatory refresh). One load runs at a time. While it fails, credentials that have not ended are used on.
struct CredentialRefresh {
    static let advisorySeconds: Int64 = 15 * 60
    static let mandatorySeconds: Int64 = 10 * 60
    /// After a failed load that callers do not depend on.
    static let pauseSeconds: Int64 = 60
    /// Metadata services serve ended credentials through their own outages; AWS's SDKs ask again after this and 2 to 10 random minutes.
    static let outagePauseSeconds: Int64 = 10 * 60

    enum Answer: Hashable {
        case use(Credentials)
        /// Use these, and begin a load.
        case useAndLoad(Credentials)
        /// Begin a load and wait for it.
        case loadAndWait
        /// Wait for the load that runs.
        case wait
    }

    private var current: Credentials?
    private var isLoading = false
    private var notBefore = Int64.min

    mutating func request(now: Int64) -> Answer {
        guard let current else { return begin(.loadAndWait, else: .wait) }
        guard let end = current.expiresAt, now >= notBefore else { return .use(current) }
        let left = end - now
        if left > Self.advisorySeconds { return .use(current) }
        if left > Self.mandatorySeconds { return begin(.useAndLoad(current), else: .use(current)) }
        return begin(.loadAndWait, else: .wait)
    }

    /// - Parameter jitter: At least 0 and less than 1.
    mutating func loaded(_ credentials: Credentials, now: Int64, jitter: Double) {
        isLoading = false
        current = credentials
        notBefore = .min
        if let end = credentials.expiresAt, end - now <= Self.mandatorySeconds {
            // The source has nothing newer to give: asking at every call would not change that.
            notBefore = end > now ? now + Self.pauseSeconds : now + Self.outagePauseSeconds + 120 + Int64(480 * jitter)
        }
    }

    /// The credentials to go on with; nil where callers must be told of the failure.
    mutating func failed(now: Int64) -> Credentials? {
        isLoading = false
        guard let current, let end = current.expiresAt, end > now else { return nil }
        notBefore = now + Self.pauseSeconds
        return current
    }

    /// The service refused these: forget them, unless they have been replaced already.
    mutating func rejected(_ credentials: Credentials) {
        if current == credentials { current = nil }
    }

    private mutating func begin(_ answer: Answer, else other: Answer) -> Answer {
        if isLoading { return other }
        isLoading = true
        return answer
    }
}
