public import Pipeline
public import Records

/// The steps of one transform, in order.
public struct StepChain: Sendable {
    private let steps: [(step: any Step, onError: ErrorAction)]

    /// The plan's catalogue has to be made of `Steps.declarations`.
    public init(_ plan: [StepPlan]) {
        steps = plan.map { (Steps.make($0), $0.onError) }
    }

    /// Runs the steps until one drops the record or fails. A failure of a step that says `on_error: keep` is passed over:
    /// the record goes on as it was before that step.
    public func apply(_ record: consuming Record) -> StepResult {
        var record = record
        for (index, (step, onError)) in steps.enumerated() {
            do throws(StepFailure) {
                if try step.apply(&record) == .drop { return .dropped }
            } catch {
                guard onError == .keep else { return .failed(error, step: index, onError) }
            }
        }
        return .passed(record)
    }
}

/// What became of a record in a transform.
public enum StepResult: Sendable {
    case passed(Record)
    /// A step filtered it: it is done with.
    case dropped
    /// The step at this index failed on it, and this is what is to be done about it: `deadLetter`, `drop` or `stop`.
    case failed(StepFailure, step: Int, ErrorAction)
}
