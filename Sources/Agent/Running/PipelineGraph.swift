import Components
import Pipeline
import Records
import Transforms

/// A plan as stages, one for each source. The steps of a transform are made once, whoever reads it: they share what they remember.
struct PipelineGraph {
    private let plan: Plan
    private let chains: [StepChain]

    /// Throws where a step cannot have what it needs.
    init(_ plan: Plan, context: StepContext) throws(Failure) {
        self.plan = plan
        var chains: [StepChain] = []
        for transform in plan.transforms { chains.append(try StepChain(transform.steps, context: context)) }
        self.chains = chains
    }

    func stage(of source: SourcePlan) -> Stage { stage(of: source.consumers) }

    private func stage(of consumers: [Consumer]) -> Stage {
        var stage = Stage()
        for consumer in consumers {
            switch consumer {
            case .sink(let index): stage.sinks.append(index)
            case .transform(let index):
                let transform = plan.transforms[index]
                stage.branches.append(
                    Stage.Branch(
                        transform: transform.name, steps: chains[index], stage: self.stage(of: transform.consumers),
                        routes: transform.routes.map { self.stage(of: $0.consumers) }))
            }
        }
        return stage
    }
}
