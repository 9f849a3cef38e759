public import Pipeline
import Records

/// Every step that pipeline files can use.
public enum Steps {
    /// In the order in which docs list them.
    public static let all: [any Step.Type] = [
        FilterStep.self, DropStep.self, SetStep.self, RemoveStep.self, KeepStep.self, RenameStep.self,
        ParseStep.self, FlattenStep.self, UnnestStep.self, RedactStep.self, SampleStep.self, DedupeStep.self, ThrottleStep.self,
        EnrichStep.self, RouteStep.self,
    ]

    /// For the catalogue that pipeline files are compiled with.
    public static var declarations: [StepDeclaration] { all.map { $0.declaration } }

    /// The step of a plan that was compiled with these declarations.
    static func make(_ plan: StepPlan, context: StepContext) throws(Failure) -> any Step {
        guard let type = all.first(where: { $0.kind == plan.kind }), let step = try type.make(plan.config, context: context) else {
            preconditionFailure("the plan has a step `\(plan.kind)` that is not one of Steps.declarations")
        }
        return step
    }
}
