import Pipeline
import Records
import Testing
import Transforms

@Suite("route")
struct RouteStepTests {
    private func size(_ total: Double) -> Value { .fields(["total": .double(total)]) }

    private func routes(_ step: String, _ value: Value) throws -> [Int?] {
        let result = Fixture.compile([step], reading: ["large", "medium", "rest"])
        #expect(result.diagnostics.filter { $0.severity == .error } == [])
        let chain = try StepChain(try #require(result.plans.first).transforms[0].steps, context: FakeFiles().context)
        return try chain.outputs(value).map(\.route)
    }

    private let step = "route: {large: record.total > 1000.0, medium: record.total > 10.0, rest: default}"

    @Test("a record takes the first route whose condition holds")
    func firstMatch() throws {
        #expect(try routes(step, size(2_000)) == [0])
        #expect(try routes(step, size(20)) == [1])
        #expect(try routes(step, size(2)) == [2])
    }

    @Test("a record that no route takes is dropped")
    func noRoute() throws {
        #expect(try routes("route: {large: record.total > 1000.0, medium: record.total > 10.0, rest: record.total < 0.0}", size(2)) == [])
    }

    @Test("a condition that fails is a failure of the record, and goes to the default where it is to be kept")
    func failure() throws {
        #expect(throws: StepFailure.self) { try routes(step, .fields([:])) }
        #expect(try routes("{\(step), on_error: keep}", .fields([:])) == [2])
    }

    @Test(
        "mistakes are found while the file is compiled",
        arguments: [
            ("route: {}", ["6:16 wrong_type"]), ("route: {large: 1 + 1}", ["6:24 not_a_condition"]),
            ("route: {a.b: true}", ["6:17 invalid_name"]),
            ("route: {large: default, medium: record.total > 1.0}", ["6:33 unreachable_route"]),
            ("route: {large: 1 > 2, medium: default}", ["6:17 unreachable_route"]),
        ])
    func mistakes(step: String, expected: [String]) {
        let names = step.contains("medium") ? ["large", "medium"] : step.contains("large") ? ["large"] : []
        let found = Fixture.compile([step], reading: names).diagnostics.map {
            "\($0.location?.line ?? 0):\($0.location?.column ?? 0) \($0.code)"
        }
        #expect(expected.allSatisfy(found.contains), "\(found)")
    }
}
