import Coordination
import Records

/// What a simulated run is made of; a seed decides all of it.
struct Scenario {
    /// Producers of one stream, each with items and keys of its own and limits that know nothing of the others.
    var writers = 1
    var shards = 3
    var reshards = 0
    var items = 200
    var keys = 20
    /// Where the keys of each writer may lie; everywhere without it.
    var ranges: [HashRange] = []
    /// A run is stopped then, done or not; nil for never.
    var end: MonotonicTime?
    /// Items are enqueued over this time.
    var spread = Duration.seconds(2)
    var sizes = 10...400
    var aggregates = false
    var quota = ShardPace.Limits()
    /// The share of records refused with InternalFailure.
    var recordFailures = 0.0
    /// The share of requests that come back without an answer; some of them are applied all the same, at once or late.
    var requestFailures = 0.0
    /// The share of listings that fail, and how old the others may be.
    var listingFailures = 0.0
    var listingAge = Duration.zero
    var latency = Duration.milliseconds(5) ... .milliseconds(5)
    var limits = Scenario.patientLimits

    init() {}

    /// What lasts ends in a simulation sooner or later.
    private static var patientLimits: ProducerLimits {
        var limits = ProducerLimits()
        limits.patienceAtFirst = .seconds(3_600)
        return limits
    }

    init(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        writers = [1, 1, 2, 3].randomElement(using: &generator)!
        shards = .random(in: 1...6, using: &generator)
        reshards = .random(in: 0...4, using: &generator)
        items = .random(in: 20...200, using: &generator)
        keys = .random(in: 1...40, using: &generator)
        spread = .milliseconds(Int.random(in: 0...4_000, using: &generator))
        aggregates = Int.random(in: 0..<3, using: &generator) == 0
        let rate = Double.random(in: 20...500, using: &generator)
        quota = ShardPace.Limits(records: rate, bytes: rate * 300, burst: .seconds(1))
        let troubles = Int.random(in: 0..<4, using: &generator)
        recordFailures = troubles == 0 ? 0 : .random(in: 0...0.3, using: &generator)
        requestFailures = troubles == 0 ? 0 : .random(in: 0...0.3, using: &generator)
        listingFailures = troubles == 0 ? 0 : .random(in: 0...0.5, using: &generator)
        listingAge = troubles == 0 ? .zero : .milliseconds(Int.random(in: 0...1_000, using: &generator))
        latency = .milliseconds(1) ... .milliseconds(Int.random(in: 1...200, using: &generator))
        limits.batchSize = .random(in: 1...60, using: &generator)
        limits.requestBytes = .random(in: 1_000...20_000, using: &generator)
        limits.recordBytes = 1_000
        limits.maxInFlight = .random(in: 1...8, using: &generator)
        limits.bufferTime = .milliseconds(Int.random(in: 0...500, using: &generator))
        // Off the mark in both directions: the producer has to learn what the stream takes.
        let mistake = Double.random(in: 0.5...3, using: &generator)
        limits.pace = ShardPace.Limits(records: rate * mistake, bytes: rate * 300 * mistake)
    }
}
