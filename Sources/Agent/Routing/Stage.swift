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
    var deadLetters: [Record] = []
    var dropped = 0
    private let hasDeadLetter: Bool

    init(sinkCount: Int, hasDeadLetter: Bool) {
        records = Array(repeating: [], count: sinkCount)
        self.hasDeadLetter = hasDeadLetter
    }

    var count: Int { records.reduce(deadLetters.count) { $0 + $1.count } }

    /// Runs a record through the graph. Throws when it has to stop the pipeline.
    mutating func route(_ record: Record, through stage: Stage) throws(Stop) {
        for sink in stage.sinks { records[sink].append(record) }
        for branch in stage.branches {
            switch branch.steps.apply(record) {
            case .passed(let changed): try route(changed, through: branch.stage)
            case .dropped: dropped += 1
            case .failed(let failure, _, let policy):
                if policy == .drop {
                    dropped += 1
                    continue
                }
                let reason = Failure(failure.code, "\(branch.transform): \(failure.message)")
                try refuse(record, reason, node: branch.transform, stops: policy == .stop)
            }
        }
    }

    /// A record that cannot go on, at a node whose failures go to the dead letter unless they stop the pipeline.
    mutating func refuse(_ record: Record, _ failure: Failure, node: String, stops: Bool = false) throws(Stop) {
        guard hasDeadLetter, !stops else { throw Stop(failure: failure) }
        deadLetters.append(DeadLetter.record(of: record, failure: failure, node: node))
    }

    /// Takes back what was added since `mark`.
    mutating func rewind(to mark: Mark) {
        for (index, count) in mark.counts.enumerated() { records[index].removeSubrange(count...) }
        deadLetters.removeSubrange(mark.deadLetters...)
    }

    struct Mark {
        fileprivate let counts: [Int]
        fileprivate let deadLetters: Int
    }

    var mark: Mark { Mark(counts: records.map(\.count), deadLetters: deadLetters.count) }
}
