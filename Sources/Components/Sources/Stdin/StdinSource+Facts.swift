import Pipeline

extension StdinSource.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts {
        var facts = ComponentFacts("standard input")
        facts.caveats = ["Standard input cannot be read twice: what was read and not delivered is lost in a crash."]
        return facts
    }
}
