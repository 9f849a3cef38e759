import Records
import Testing

@testable import Coordination
@testable import Kinesis

@Suite struct TroubleReportTests {
    private var statistics = ProducerStatistics()
    private var report = TroubleReport()

    @Test("An error is reported at once, and those after it together ten seconds later")
    mutating func errors() {
        #expect(line(at: 0) == nil)
        statistics.failedRequests = 1
        #expect(line(at: 1)?.failedRequests == 1)
        for second in 2...10 {
            statistics.failedRequests += 1
            #expect(line(at: second) == nil)
        }
        statistics.failedRecords = 5
        let later = line(at: 11)
        #expect(later == TroubleReport.Line(throttledRecords: 0, failedRecords: 5, failedRequests: 9, seconds: 10))
    }

    @Test("Throttling is reported when it goes on")
    mutating func throttling() {
        statistics.throttledRecords = 10
        #expect(line(at: 0) == nil)
        statistics.throttledRecords = 30
        #expect(line(at: 10)?.throttledRecords == 30)
        #expect(line(at: 60) == nil)
    }

    private mutating func line(at second: Int) -> TroubleReport.Line? {
        report.line(for: statistics, now: .zero + .seconds(second))
    }
}
