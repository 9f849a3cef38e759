/// "Did you mean": the nearest of a few known words.
public enum Suggestion {
    /// The candidate nearest to what was written; nil where none is near enough to be meant.
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

    /// The sentence for a hint: the nearest candidate, else all of them where they are few.
    public static func hint(for written: String, among candidates: some Collection<String>) -> String? {
        if let nearest = nearest(to: written, among: candidates) { return "did you mean `\(nearest)`?" }
        return list(candidates)
    }

    /// All candidates, where there are not too many to read.
    static func list(_ candidates: some Collection<String>) -> String? {
        guard let first = candidates.first, candidates.count <= listedAtMost else { return nil }
        return candidates.count == 1 ? "there is `\(first)`" : "one of \(alternatives(Array(candidates), last: ", "))"
    }

    /// `a`, `b` or `c`.
    static func alternatives(_ words: [String], last: String = " or ") -> String {
        let quoted = words.prefix(listedAtMost).map { "`\($0)`" }
        if quoted.count < words.count { return quoted.joined(separator: ", ") + ", …" }
        return quoted.count < 2 ? quoted.joined() : quoted.dropLast().joined(separator: ", ") + last + quoted[quoted.count - 1]
    }

    /// Longer words are not compared: the work grows with the square of the length.
    private static let longestWord = 64
    private static let listedAtMost = 24
    /// Of candidates: a pipeline has far fewer nodes.
    static let comparedAtMost = 500

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
