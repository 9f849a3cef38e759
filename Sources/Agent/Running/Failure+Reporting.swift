import Coordination
import Kinesis
import Processors
public import Records

extension Failure {
    /// What a person is told of any error: lower layers' own become a failure here, at the agent's outer boundary.
    public init(reporting error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as KinesisError: self = error.failure
        case let error as ProducerError: self = error.failure
        case let error as ProcessorError: self = error.failure
        case is CancellationError: self.init("cancelled", "the work was cancelled before it was done")
        default: self.init("unexpected", "\(error)", hint: "this is a fault of kinesis-agent: please report it")
        }
    }
}
