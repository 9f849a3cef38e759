public import Pipeline

/// Every step that pipeline files can use.
public enum Steps {
    /// In the order in which docs list them.
    public static let all: [any Step.Type] = [
        FilterStep.self, DropStep.self, SetStep.self, RemoveStep.self, KeepStep.self, RenameStep.self,
    ]

    /// For the catalogue that pipeline files are compiled with.
    public static var declarations: [StepDeclaration] { all.map { $0.declaration } }

    /// The step of a plan that was compiled with these declarations.
    static func make(_ plan: StepPlan) -> any Step {
        guard let step = all.lazy.filter({ $0.kind == plan.kind }).compactMap({ $0.make(plan.config) }).first else {
            preconditionFailure("the plan has a step `\(plan.kind)` that is not one of Steps.declarations")
        }
        return step
    }
}
