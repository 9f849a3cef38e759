import Pipeline
import Records

extension FileSink.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts {
        var facts = ComponentFacts("file \(scope.text("path", path))")
        facts.ceilings = ["one synchronized write at a time; what comes meanwhile shares the next"]
        facts.memory = .mebibytes(4)
        return facts
    }
}

extension StdoutSink.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts {
        var facts = ComponentFacts("standard output")
        facts.memory = .mebibytes(4)
        facts.caveats = ["Standard output counts as written once the pipe has taken it."]
        return facts
    }
}

extension DiscardSink.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts { ComponentFacts("nothing is kept") }
}
