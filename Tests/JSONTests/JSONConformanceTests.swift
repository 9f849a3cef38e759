import FoundationEssentials
import JSON
import Testing

/// The folder of conformance data, where there is one.
let conformance = ProcessInfo.processInfo.environment["KINESIS_AGENT_CONFORMANCE"]

@Suite(.enabled(if: conformance != nil)) struct JSONConformanceTests {
    /// Python's json reads these and async-kinesis writes them, so they are read here too.
    private static let acceptedAsPythonDoes: Set = [
        "n_number_NaN.json", "n_number_infinity.json", "n_number_minus_infinity.json",
    ]

    @Test("JSONTestSuite: what must be read is read, what must be refused is refused, and nothing crashes") func suite() throws {
        let root = "\(conformance ?? "")/json"
        var count = 0
        for part in ["public", "heldout"] {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(part)")) ?? [] {
                let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(root)/\(part)/\(name)")))
                let accepted = (try? JSON.parse(bytes)) != nil
                count += 1
                if name.hasPrefix("y_") { #expect(accepted, "\(name)") }
                if name.hasPrefix("n_"), !Self.acceptedAsPythonDoes.contains(name) { #expect(!accepted, "\(name)") }
            }
        }
        #expect(count > 0)
    }
}
