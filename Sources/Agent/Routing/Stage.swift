import Components
import Pipeline
import Records
import Transforms

/// What happens to the records of one node: which sinks take them, and which transforms, each with a stage behind it.
struct Stage: Sendable {
    struct Branch: Sendable {
        let transform: String
        let steps: StepChain
        let stage: Stage
        /// Behind each output of a transform that has several.
        let routes: [Stage]
    }

    /// Indices of sinks.
    var sinks: [Int] = []
    var branches: [Branch] = []
}

/// Where one batch goes: collected before any sink sees it.
struct Outputs {
    struct Stop: Error {
        let failure: Failure
    }

    /// Per sink, in order.
    var records: [[Record]]
    var deadLetters: [DeadLetter] = []
    private let hasDeadLetter: Bool
    /// Per sink, how many records stay whatever comes: set once a record, without making anything.
    private(set) var marks: [Int]
    private var letterMark = 0

    init(sinkCount: Int, hasDeadLetter: Bool) {
        records = Array(repeating: [], count: sinkCount)
        marks = Array(repeating: 0, count: sinkCount)
        self.hasDeadLetter = hasDeadLetter
    }

    /// Runs a record through the graph. Throws when it has to stop the pipeline.
    mutating func route(_ record: Record, through stage: Stage, at now: MonotonicTime) throws(Stop) {
        for sink in stage.sinks { records[sink].append(record) }
        for branch in stage.branches {
            try take(branch.steps.apply(record, at: now), of: record, in: branch, at: now)
        }
    }

    private mutating func take(
        _ result: StepResult, of record: Record, in branch: Stage.Branch, at now: MonotonicTime
    ) throws(Stop) {
        switch result {
        case .passed(let changed): try route(changed, through: branch.stage, at: now)
        case .routed(let changed, let index): try route(changed, through: branch.routes[index], at: now)
        case .several(let results):
            for result in results { try take(result, of: record, in: branch, at: now) }
        case .dropped: break
        case .failed(_, _, .drop): break
        case .failed(let failure, _, let policy):
            let reason = Failure(failure.code, "\(branch.transform): \(failure.message)")
            try refuse(record, reason, node: branch.transform, stops: policy == .stop)
        }
    }

    /// A record that cannot go on, at a node whose failures go to the dead letter unless they stop the pipeline.
    mutating func refuse(_ record: Record, _ failure: Failure, node: String, stops: Bool = false) throws(Stop) {
        guard hasDeadLetter, !stops else { throw Stop(failure: failure) }
        deadLetters.append(DeadLetter(refused: record, failure: failure, node: node))
    }

    /// Everything until now stays.
    mutating func mark() {
        for sink in records.indices { marks[sink] = records[sink].count }
        letterMark = deadLetters.count
    }

    /// Takes back what was added since the last mark.
    mutating func rewind() {
        for sink in records.indices { records[sink].removeSubrange(marks[sink]...) }
        deadLetters.removeSubrange(letterMark...)
    }
}
