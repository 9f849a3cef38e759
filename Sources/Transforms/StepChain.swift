public import Pipeline
public import Records

/// The steps of one transform, in order.
public struct StepChain: Sendable {
    private let steps: [(step: any Step, onError: ErrorAction)]

    /// The plan's catalogue has to be made of `Steps.declarations`. Throws where a step cannot have what it needs, such as a file.
    public init(_ plan: [StepPlan], context: StepContext) throws(Failure) {
        var steps: [(any Step, ErrorAction)] = []
        for step in plan { steps.append((try Steps.make(step, context: context), step.onError)) }
        self.steps = steps
    }

    /// Runs the steps until one drops the record or fails. A failure of a step that says `on_error: keep` is passed over:
    /// the record goes on as it was before that step.
    public func apply(_ record: consuming Record, at now: MonotonicTime) -> StepResult {
        run(record, from: 0, now)
    }

    private func run(_ record: consuming Record, from first: Int, _ now: MonotonicTime) -> StepResult {
        var record = record
        for index in first..<steps.count {
            let (step, onError) = steps[index]
            let outcome: StepOutcome
            do throws(StepFailure) {
                outcome = try step.apply(&record, at: now)
            } catch {
                guard onError == .keep else { return .failed(error, step: index, onError) }
                outcome = step.outcomeWhenKept
            }
            switch outcome {
            case .keep: continue
            case .drop: return .dropped
            case .route(let route): return .routed(record, route)
            case .split(let parts): return .several(parts.map { run($0, from: index + 1, now) })
            }
        }
        return .passed(record)
    }
}

/// What became of a record in a transform.
public enum StepResult: Sendable {
    case passed(Record)
    /// The last step sends it to the route with this index.
    case routed(Record, Int)
    /// A step made several records of it, or none; each has a fate of its own.
    case several([StepResult])
    /// A step filtered it: it is done with.
    case dropped
    /// The step at this index failed on it, and this is what is to be done about it: `deadLetter`, `drop` or `stop`.
    case failed(StepFailure, step: Int, ErrorAction)
}
