import Foundation
import Records
import Testing

@testable import Expressions

@Suite("Any expression")
struct FuzzTests {
    /// `KINESIS_AGENT_FUZZ` sets how many, `KINESIS_AGENT_FUZZ_SEED` repeats a run.
    @Test("is rejected at a place inside of it, fails at one, or has a value within the limits")
    func anyExpression() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["KINESIS_AGENT_FUZZ"].flatMap { Int($0) } ?? 2_000
        let seed = environment["KINESIS_AGENT_FUZZ_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
        print("fuzz: \(count) expressions, seed \(seed)")
        var fuzzer = ExpressionFuzzer(seed: seed)
        var (rejected, failed, valued) = (0, 0, 0)
        for number in 0..<count {
            let text = fuzzer.next()
            do {
                let program = try Program(parsing: text)
                let value = try program.evaluate(order)
                valued += 1
                #expect(CELValue(value).weight(upTo: .max) <= 2 * Limits.resultWeight, "seed \(seed), number \(number): \(text)")
            } catch let error as ExpressionError {
                rejected += 1
                expectPlace(error.offset, error.length, in: text, seed)
            } catch let error as EvaluationError {
                failed += 1
                expectPlace(error.offset, error.length, in: text, seed)
                #expect(error.message.utf8.count < 4_096, "seed \(seed): \(text)")
            }
        }
        print("fuzz: \(rejected) rejected, \(failed) failed, \(valued) have a value")
        #expect(rejected + failed + valued == count)
    }

    private func expectPlace(_ offset: Int, _ length: Int, in text: String, _ seed: UInt64) {
        // Making the message of an expectation costs more than all the rest.
        if offset < 0 || length < 0 || offset + length > text.utf8.count { Issue.record("seed \(seed): \(offset)+\(length) in \(text)") }
    }
}
