import Foundation
import OrderedCollections
import Testing

@testable import Expressions

/// The folder with the conformance data of the language, where the environment names one.
private let folder = ProcessInfo.processInfo.environment["KINESIS_AGENT_CONFORMANCE"].map { "\($0)/cel/public" }

@Suite("Conformance with the language's own tests", .enabled(if: folder != nil))
struct ConformanceTests {
    /// How many cases of a file hold at least.
    ///
    /// Left out: `network_ext`, no part of the language here. In `string` six cases need `matches`; in `parse` two expect a backslash
    /// that their expression does not have.
    static let floors: [(file: String, passing: Int)] = [
        ("basic", 33), ("bindings_ext", 4), ("comparisons", 218), ("conversions", 66), ("encoders_ext", 4), ("fields", 42), ("fp_math", 20),
        ("integer_math", 35), ("lists", 27), ("logic", 17), ("macros", 32), ("macros2", 37), ("math_ext", 132), ("namespace", 10),
        ("optionals", 34), ("parse", 129), ("plumbing", 4), ("string", 27), ("string_ext", 139), ("timestamps", 54),
    ]

    @Test("cases of", arguments: floors)
    func cases(file: String, passing: Int) throws {
        let text = try String(contentsOfFile: "\(#require(folder))/\(file).jsonl", encoding: .utf8)
        let cases = try text.split(separator: "\n").map { try JSONDecoder().decode(ConformanceCase.self, from: Data($0.utf8)) }
        let failures = cases.compactMap { $0.failure }
        print("cel/\(file): \(cases.count - failures.count)/\(cases.count)")
        for failure in failures { print("  \(failure)") }
        #expect(cases.count - failures.count >= passing)
    }
}
