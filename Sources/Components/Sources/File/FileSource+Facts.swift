import Pipeline

extension FileSource.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts {
        var facts = ComponentFacts("files \(scope.text("include", include.joined(separator: " ")))")
        if startAt == .end { facts.caveats = ["What is in the files at the first start is not read (`start_at: end`)."] }
        return facts
    }
}
