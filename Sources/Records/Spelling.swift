/// "Did you mean": which of a few known words was most likely meant.
public enum Spelling {
    /// Longer words are not compared: the work grows with the square of the length.
    public static let longestWord = 64
    /// Of candidates; no list of names that people write is longer.
    public static let comparedAtMost = 500

    /// The candidate nearest to what was written, of equally near ones the first; nil where at least a third of the letters differ from all.
    public static func nearest(to written: String, among candidates: some Sequence<String>) -> String? {
        let word = folded(written)
        guard !word.isEmpty, word.count <= longestWord else { return nil }
        let limit = max(1, word.count / 3)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates.prefix(comparedAtMost) {
            let other = folded(candidate)
            guard other.count <= longestWord else { continue }
            let distance = distance(word, other, limit: limit)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    /// Words are compared without case, `-` and `_` being the same.
    private static func folded(_ word: String) -> [UInt8] {
        word.lowercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
    }

    /// Edit distance with transpositions of neighbours (optimal string alignment); anything above `limit` may be reported as `limit + 1`.
    private static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int {
        guard abs(a.count - b.count) <= limit else { return limit + 1 }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            if row.min()! > limit { return limit + 1 }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
