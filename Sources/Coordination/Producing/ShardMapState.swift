import Records

/// What a producer knows of its stream's shards, and when it looks again.
struct ShardMapState: Sendable {
    /// The map in use; nil while it is unknown.
    private(set) var map: ShardMap?
    /// A newer map, to be used once no request is under way: until then a key could be in two lanes.
    private(set) var staged: ShardMap?
    /// The first listing has come or has failed.
    private(set) var isSettled = false
    /// When the next listing is due; nil while none is wanted or one is under way.
    private(set) var refreshTime: MonotonicTime? = .zero
    private var isRefreshing = false
    /// Listings in a row without news.
    private var fruitless = 0
    private var notBefore = MonotonicTime.zero

    /// The map in use has been seen to be wrong.
    mutating func distrust(now: MonotonicTime) {
        guard !isRefreshing, refreshTime == nil else { return }
        refreshTime = max(now, notBefore)
    }

    /// A listing is under way, or will be in a moment.
    func awaitsNews(now: MonotonicTime) -> Bool {
        isRefreshing || refreshTime.map { $0 <= now + Self.moment } ?? false
    }

    private static let moment = Duration.seconds(2)

    /// Whether to list the shards now; it counts as under way from then on.
    mutating func startRefresh(now: MonotonicTime) -> Bool {
        guard let time = refreshTime, time <= now else { return false }
        refreshTime = nil
        isRefreshing = true
        return true
    }

    mutating func loaded(_ new: ShardMap, now: MonotonicTime, backoff: Backoff) {
        isRefreshing = false
        isSettled = true
        let isNews = new != (staged ?? map) && !new.destinations.isEmpty
        fruitless = isNews ? 0 : fruitless + 1
        notBefore = now + backoff.ceiling(afterFailures: fruitless + 1)
        if isNews { staged = new }
        if new.destinations.isEmpty { refreshTime = notBefore }
    }

    mutating func unavailable(now: MonotonicTime, backoff: Backoff) {
        isRefreshing = false
        isSettled = true
        fruitless += 1
        notBefore = now + backoff.ceiling(afterFailures: fruitless)
        refreshTime = notBefore
    }

    /// Puts the newer map to use.
    mutating func adopt() -> ShardMap? {
        guard let staged else { return nil }
        map = staged
        self.staged = nil
        return staged
    }
}
