import Pipeline
import Records
import Testing
import Transforms

@Suite("Chains of steps")
struct StepChainTests {
    @Test("each step sees what the one before it made, and a drop ends the chain")
    func order() throws {
        let chain = try Fixture.chain("set: {n: record.n + 1}", "filter: record.n > 1", "set: {n: record.n * 10}")
        #expect(try chain.output(.fields(["n": .int(1)])) == .fields(["n": .int(20)]))
        #expect(try chain.output(.fields(["n": .int(0)])) == nil)
    }

    @Test(
        "a failure carries its step and what is to be done about it",
        arguments: [("drop", ErrorAction.drop), ("stop", .stop), ("dead_letter", .deadLetter)])
    func policies(name: String, policy: ErrorAction) throws {
        let chain = try Fixture.chain("set: {a: 1}", "{filter: record.nothing, on_error: \(name)}")
        guard case .failed(_, step: 1, policy) = chain.apply(Fixture.record(.fields([:])), at: .zero) else {
            Issue.record("expected a failure of step 1 with \(policy)")
            return
        }
    }

    @Test("on_error: keep goes on with the next step")
    func keep() throws {
        let chain = try Fixture.chain("{filter: record.nothing, on_error: keep}", "set: {a: 1}")
        #expect(try chain.output(.fields([:])) == .fields(["a": .int(1)]))
    }

    @Test("the key and the position of a record stay")
    func envelope() throws {
        guard case .passed(let record) = try Fixture.chain("set: {a: 1}").apply(Fixture.record(.fields([:])), at: .zero) else {
            Issue.record("expected the record to pass")
            return
        }
        #expect(record.origin.partitionKey == "key")
        #expect(record.origin.sequence == "1")
    }
}

@Suite("Declarations of steps")
struct StepDeclarationTests {
    @Test("every step says in a sentence what it does and what it takes, under a name of its own")
    func declarations() {
        for declaration in Steps.declarations {
            #expect(declaration.summary.hasSuffix("."), "\(declaration.kind)")
            #expect(declaration.summary.count > 20, "\(declaration.kind)")
            #expect(!declaration.expectation.isEmpty, "\(declaration.kind)")
        }
        #expect(Set(Steps.declarations.map(\.kind)).count == Steps.all.count)
    }

    @Test(
        "mistakes are found while the file is compiled, at their place",
        arguments: [
            ("remove: [a, b..c]", "6:21 invalid_path"),
            ("remove: [a, 'b[0]']", "6:21 invalid_path"),
            ("remove: debug", "6:17 wrong_type"),
            ("keep: []", "6:15 wrong_type"),
            ("keep: [record.id]", "6:16 path_from_record"),
            ("set: {a.b: 1, a: 2}", "6:23 conflicting_paths"),
            ("set: {a: 1, 'b.': 2}", "6:21 invalid_path"),
            ("set: [a]", "6:14 wrong_type"),
            ("rename: {a: x, b: x}", "6:27 conflicting_paths"),
            ("rename: {a: x, a.b: y}", "6:24 conflicting_paths"),
            ("rename: {a: }", "6:21 wrong_type"),
            ("filter: {a: b}", "6:17 wrong_type"),
        ])
    func mistakes(step: String, expected: String) {
        #expect(Fixture.diagnostics(step) == [expected])
    }
}
