import Foundation
import OrderedCollections
import Testing

@testable import Expressions

/// The folder with the conformance data of the language, where the environment names one.
private let folder = ProcessInfo.processInfo.environment["KINESIS_AGENT_CONFORMANCE"].map { "\($0)/cel/public" }

@Suite("Conformance with the language's own tests", .enabled(if: folder != nil))
struct ConformanceTests {
    /// Cases that do not hold, and why.
    static let exceptions = [
        "parse/bytes_literals/triple_single_quoted_unescaped_punctuation": backslash,
        "parse/bytes_literals/triple_double_quoted_unescaped_punctuation": backslash,
    ]

    private static let backslash = "the expected bytes have a backslash that is nowhere in the expression"

    @Test("all cases hold but those that are listed with their reasons")
    func cases() throws {
        let folder = try #require(folder)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jsonl") }.sorted()
        var total = 0
        var failed: OrderedDictionary<String, String> = [:]
        for file in files {
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            let cases = try text.split(separator: "\n").map { try JSONDecoder().decode(ConformanceCase.self, from: Data($0.utf8)) }
            let before = failed.count
            for test in cases {
                if let failure = test.failure { failed["\(file.dropLast(6))/\(test.section)/\(test.name)"] = failure }
            }
            total += cases.count
            print("cel/\(file): \(cases.count - (failed.count - before))/\(cases.count)")
        }
        for (name, failure) in failed { print("  \(name): \(Self.exceptions[name] ?? "no reason known"): \(failure)") }
        print("cel: \(total - failed.count) of \(total) cases pass (\(100 * Double(total - failed.count) / Double(total)) %)")
        #expect(Set(failed.keys) == Set(Self.exceptions.keys))
        #expect(total >= 1_119)
        #expect((total - failed.count) * 100 >= total * 98)
    }
}
