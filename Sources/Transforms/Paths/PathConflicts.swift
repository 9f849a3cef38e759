import Pipeline

/// Reports paths of which one is another or lies inside of it: what such a step would do depends on an order that nobody sees.
func reportConflicts(_ paths: [(path: FieldPath, mark: Mark)], in context: inout DecodingContext) {
    for (index, later) in paths.enumerated() {
        guard let earlier = paths[..<index].first(where: { $0.path.contains(later.path) || later.path.contains($0.path) }) else { continue }
        let message =
            earlier.path == later.path ? "`\(later.path)` is there twice" : "`\(later.path)` and `\(earlier.path)` lie inside of each other"
        context.report(
            Diagnostic(
                "conflicting_paths", message, at: later.mark.location, hint: "make it a step of its own",
                related: [RelatedPlace("first here", at: earlier.mark.location)]))
    }
}
