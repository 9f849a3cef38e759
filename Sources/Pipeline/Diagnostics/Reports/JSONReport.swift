import OrderedCollections
public import Records

/// Diagnostics for programs: an object each.
public enum JSONReport {
    /// `{"errors": 1, "warnings": 0, "diagnostics": […], "pipelines": […]}`; the pipelines are those without errors.
    public static func value(_ result: CompilationResult) -> Value {
        let errors = result.diagnostics.count { $0.severity == .error }
        return [
            "errors": .int(Int64(errors)), "warnings": .int(Int64(result.diagnostics.count - errors)),
            "diagnostics": .list(result.diagnostics.map(value)),
            "pipelines": .list(
                result.plans.map { plan in
                    [
                        "name": .string(plan.name), "file": .string(plan.mark.file),
                        "sources": .list(plan.sources.map { .string($0.name) }),
                        "transforms": .list(plan.transforms.map { .string($0.name) }),
                        "sinks": .list(plan.sinks.map { .string($0.name) }),
                    ]
                }),
        ]
    }

    private static func value(_ diagnostic: Diagnostic) -> Value {
        var map: ValueMap = [
            "severity": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code), "message": .string(diagnostic.message),
        ]
        map.merge(diagnostic.location.map(place) ?? [:]) { first, _ in first }
        if let hint = diagnostic.hint { map["hint"] = .string(hint) }
        if !diagnostic.related.isEmpty {
            map["related"] = .list(
                diagnostic.related.map { .map(place($0.location).merging(["message": .string($0.message)]) { first, _ in first }) })
        }
        return .map(map)
    }

    private static func place(_ location: SourceLocation) -> ValueMap {
        [
            "file": .string(location.file), "line": .int(Int64(location.line)), "column": .int(Int64(location.column)),
            "length": .int(Int64(location.length)),
        ]
    }
}
