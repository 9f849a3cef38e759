extension HashRange {
    /// The parts of the hash space that none of `ranges` covers, in order. They may overlap, as parents and children do in a reshard.
    public static func holes(in ranges: some Sequence<HashRange>) -> [HashRange] {
        var holes: [HashRange] = []
        /// The first key that is not known to be covered; nil once the last one is.
        var next: HashKey? = .min
        for range in ranges.sorted(by: { $0.start < $1.start }) {
            guard let uncovered = next else { break }
            if range.start > uncovered { holes.append(HashRange(start: uncovered, end: range.start - 1)) }
            if range.end >= uncovered { next = range.end == .max ? nil : range.end + 1 }
        }
        if let uncovered = next { holes.append(HashRange(start: uncovered, end: .max)) }
        return holes
    }
}

/// Watches that somebody has every part of the hash space to read: a hole is a child shard that nobody knows of.
///
/// A look may fall between two steps of another worker, or meet a listing that lags behind: only a hole that is seen again and again is one.
struct CoverageAudit: Sendable {
    /// So many looks in a row must meet the same hole.
    private static let patience = 3

    private(set) var holes: [HashRange] = []
    private var sightings: [HashRange: Int] = [:]

    /// Takes in the holes of one look.
    mutating func observe(_ holes: [HashRange]) {
        self.holes = holes
        sightings = Dictionary(uniqueKeysWithValues: holes.map { ($0, sightings[$0, default: 0] + 1) })
    }

    /// Holes that were met often enough since the shards were last listed.
    var confirmed: [HashRange] { holes.filter { sightings[$0, default: 0] >= Self.patience } }

    /// The shards were listed anew: what is a hole after that has to be met as often again.
    mutating func listed() { sightings = [:] }
}
