import JSON
public import Pipeline
import Records

/// The results of tests as text for people, and as JUnit's XML for continuous integration.
public enum TestReport {
    /// Of one pipeline.
    public struct Suite: Sendable {
        /// Its name.
        public let pipeline: String
        /// The file that it stands in.
        public let file: String
        /// In the order of the file.
        public let results: [TestResult]

        /// The results of a plan's tests.
        public init(_ plan: Plan, _ results: [TestResult]) {
            pipeline = plan.name
            file = plan.mark.file
            self.results = results
        }
    }

    /// A line for each test, and below one that failed what came otherwise.
    public static func text(_ suites: [Suite]) -> String {
        let results = suites.flatMap(\.results)
        let failed = results.count { !$0.isPassed }
        let counts = [(failed, "failed"), (results.count - failed, "passed")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return suites.map(text).joined() + (results.isEmpty ? "no tests\n" : "\(counts.joined(separator: ", "))\n")
    }

    private static func text(_ suite: Suite) -> String {
        suite.results.map { result in
            let place = result.isPassed ? "" : "  \(result.mark.location)"
            return "\(result.isPassed ? "ok    " : "FAILED") \(suite.pipeline): \(result.name)\(place)\n"
                + details(result).map { $0.isEmpty ? "\n" : "       \($0)\n" }.joined()
        }.joined()
    }

    /// What came otherwise, a line each; the lines of one record below each other.
    private static func details(_ result: TestResult) -> [String] {
        result.mismatches.flatMap { mismatch -> [String] in
            let phase = mismatch.phase.map { "phase \($0), " } ?? ""
            return mismatch.differences.flatMap { difference -> [String] in
                switch difference {
                case .stopped(let failure):
                    ["\(phase)the pipeline stopped: \(failure.message) [\(failure.code)]"]
                        + ["  declare a `dead_letter`, and expect the record there, if it should go on"]
                case .missing(let value): ["\(phase)\(mismatch.sink ?? ""): did not come", "  - \(json(value))"]
                case .unexpected(let value): ["\(phase)\(mismatch.sink ?? ""): came unexpectedly", "  + \(json(value))"]
                case .changed(let record, let fields):
                    ["\(phase)\(mismatch.sink ?? ""), record \(record):"]
                        + fields.flatMap { field -> [String] in
                            let head = field.path.isEmpty ? "" : "\(field.path): "
                            return [
                                "  - \(head)\(field.expected.map(json) ?? "(nothing)")",
                                "  + \(head)\(field.found.map(json) ?? "(nothing)")",
                            ]
                        }
                }
            }
        }
    }

    /// Bytes and the like, which JSON has no form for, are named.
    private static func json(_ value: Value) -> String {
        guard let bytes = try? JSON.bytes(value, style: .compact) else { return "(\(value.typeName))" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A `testsuite` for each pipeline, as JUnit's Ant task writes it and the common CI systems read it.
    public static func junit(_ suites: [Suite]) -> String {
        let results = suites.flatMap(\.results)
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"\(results.count)\" failures=\"\(failures(results))\">\n"
        return head + suites.map(junit).joined() + "</testsuites>\n"
    }

    private static func failures(_ results: [TestResult]) -> Int { results.count { !$0.isPassed } }

    private static func junit(_ suite: Suite) -> String {
        let cases = suite.results.map { result in
            let open =
                "    <testcase classname=\"\(escaped(suite.pipeline))\" name=\"\(escaped(result.name))\" file=\"\(escaped(suite.file))\" line=\"\(result.mark.line)\""
            if result.isPassed { return open + "/>\n" }
            let details = details(result)
            return open
                + ">\n      <failure message=\"\(escaped(details.first ?? ""))\">\(escaped(details.joined(separator: "\n")))</failure>\n"
                + "    </testcase>\n"
        }
        return
            "  <testsuite name=\"\(escaped(suite.pipeline))\" tests=\"\(suite.results.count)\" failures=\"\(failures(suite.results))\">\n"
            + cases.joined() + "  </testsuite>\n"
    }

    /// Control characters, which XML 1.0 cannot hold, become spaces.
    private static func escaped(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { $0.value < 0x20 && $0 != "\n" && $0 != "\t" ? " " as Unicode.Scalar : $0 }
        return String(String.UnicodeScalarView(scalars))
            .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
