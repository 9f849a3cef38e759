public import Pipeline
public import Records

/// Runs the `tests:` of a pipeline on its compiled graph: the real steps, a clock that only moves when a test says so, and no network.
///
/// Records enter as a source would have decoded them, and leave where a sink would have taken them; the sink's expressions and its
/// encoding are tried, so that what it would refuse is seen.
public struct PipelineTesting: Sendable {
    private let plan: Plan

    /// Nothing is opened but what steps read themselves.
    public init(_ plan: Plan) {
        self.plan = plan
    }

    /// Each test on a graph of its own.
    public func run() -> [TestResult] { plan.tests.map(run) }

    private func run(_ test: TestPlan) -> TestResult {
        var stage: TestStage
        do {
            stage = try TestStage(plan)
        } catch {
            let mismatch = TestMismatch(phase: nil, sink: nil, differences: [.stopped(error)])
            return TestResult(name: test.name, mark: test.mark, mismatches: [mismatch])
        }
        var mismatches: [TestMismatch] = []
        for (index, phase) in test.phases.enumerated() {
            stage.advance(by: phase.after)
            let number = test.phases.count > 1 ? index + 1 : nil
            if let stop = stage.send(phase.sent) {
                mismatches.append(TestMismatch(phase: number, sink: nil, differences: [.stopped(stop)]))
            }
            for expectation in phase.expectations {
                let arrived = stage.arrived(at: expectation.sink)
                let differences = RecordComparison(isExact: expectation.isExact).differences(expectation.records, arrived)
                if !differences.isEmpty {
                    mismatches.append(TestMismatch(phase: number, sink: expectation.sink ?? "dead_letter", differences: differences))
                }
            }
            stage.clear()
            // A pipeline that has stopped takes nothing more.
            if stage.hasStopped { break }
        }
        return TestResult(name: test.name, mark: test.mark, mismatches: mismatches)
    }
}

/// What became of one test.
public struct TestResult: Sendable {
    /// In the words of the file.
    public let name: String
    /// Where the test stands.
    public let mark: Mark
    /// Empty where it passed.
    public let mismatches: [TestMismatch]

    /// Everything came as expected.
    public var isPassed: Bool { mismatches.isEmpty }
}

/// What came otherwise at one place.
public struct TestMismatch: Sendable {
    /// Counted from 1; nil for a test of one phase.
    public let phase: Int?
    /// The sink, or `dead_letter`; nil for the pipeline as a whole.
    public let sink: String?
    /// In the order of the records.
    public let differences: [TestDifference]
}

/// One difference between what was expected and what came.
public enum TestDifference: Sendable, Equatable {
    /// The pipeline stopped, for lack of a dead letter.
    case stopped(Failure)
    /// An expected record did not come.
    case missing(Value)
    /// A record came that was not expected.
    case unexpected(Value)
    /// The record at this place (from 1) has other fields: `customer.id`, what was expected there (nil: nothing), what came (nil: nothing).
    case changed(record: Int, fields: [FieldDifference])
}

/// One field that is not as expected.
public struct FieldDifference: Sendable, Equatable {
    /// `customer.items[0]`; empty for the record itself.
    public let path: String
    /// Nil where nothing was expected.
    public let expected: Value?
    /// Nil where there is nothing.
    public let found: Value?
}
