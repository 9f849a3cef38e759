import Records

/// "Did you mean": the nearest of a few known words.
public enum Suggestion {
    /// The candidate nearest to what was written; nil where none is near enough to be meant.
    public static func nearest(to written: String, among candidates: some Sequence<String>) -> String? {
        Spelling.nearest(to: written, among: candidates)
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

    private static let listedAtMost = 24
    /// Of candidates: a pipeline has far fewer nodes.
    static let comparedAtMost = Spelling.comparedAtMost
}
