import Components
import Pipeline
import Transforms

/// A plan as stages, one for each source: pure.
struct PipelineGraph {
    private let plan: Plan

    init(_ plan: Plan) {
        self.plan = plan
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
                        transform: transform.name, steps: StepChain(transform.steps), stage: self.stage(of: transform.consumers)))
            }
        }
        return stage
    }
}
