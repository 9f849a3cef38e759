import Pipeline
import Records
import Testing
import Transforms

@Suite("flatten and unnest")
struct ShapeStepTests {
    private let nested = Value.fields([
        "a": .fields(["b": .int(1), "c": .fields(["d": .int(2)]), "e": .fields([:])]), "l": .list([.fields(["x": .int(3)])]),
    ])

    @Test("flatten puts the fields of maps side by side")
    func flatten() throws {
        #expect(
            try Fixture.chain("flatten:").output(nested)
                == .fields(["a.b": .int(1), "a.c.d": .int(2), "a.e": .fields([:]), "l": .list([.fields(["x": .int(3)])])]))
        #expect(
            try Fixture.chain("flatten: {separator: _, field: a}").output(nested)
                == .fields([
                    "a": .fields(["b": .int(1), "c_d": .int(2), "e": .fields([:])]), "l": .list([.fields(["x": .int(3)])]),
                ]))
    }

    @Test("flatten does not lose a field to another")
    func conflict() throws {
        #expect(try Fixture.chain("flatten:").failure(.fields(["a.b": .int(1), "a": .fields(["b": .int(2)])])) == "conflicting_fields")
        #expect(try Fixture.chain("flatten:").failure(.list([])) == "record_not_a_map")
        #expect(try Fixture.chain("flatten: {field: x}").failure(nested) == "field_missing")
    }

    @Test("unnest makes a record of each element, and the steps after it see each")
    func unnest() throws {
        let order = Value.fields(["id": .int(7), "items": .list([.int(1), .int(2), .int(3)])])
        let chain = try Fixture.chain("unnest: {field: items}", "filter: record.items != 2", "set: {n: record.items * 10}")
        #expect(
            try chain.outputs(order).map(\.value)
                == [
                    .fields(["id": .int(7), "items": .int(1), "n": .int(10)]), .fields(["id": .int(7), "items": .int(3), "n": .int(30)]),
                ])
        #expect(try Fixture.chain("unnest: {field: items, alone: true}").outputs(order).map(\.value) == [.int(1), .int(2), .int(3)])
    }

    @Test("unnest opens a record that is a list; an empty one makes none")
    func list() throws {
        #expect(try Fixture.chain("unnest:").outputs(.list([.int(1), .null])).map(\.value) == [.int(1), .null])
        #expect(try Fixture.chain("unnest:").outputs(.list([])).isEmpty)
    }

    @Test("what is no list, and a list that is too long, are failures of the record")
    func failures() throws {
        #expect(try Fixture.chain("unnest:").failure(.fields([:])) == "wrong_type")
        #expect(try Fixture.chain("unnest: {field: a}").failure(.fields([:])) == "field_missing")
        #expect(try Fixture.chain("unnest: {field: a}").failure(.fields(["a": .int(1)])) == "wrong_type")
        #expect(try Fixture.chain("unnest: {max_elements: 1}").failure(.list([.int(1), .int(2)])) == "list_too_long")
    }

    @Test("one element can fail while the others go on")
    func partFails() throws {
        let chain = try Fixture.chain("unnest:", "filter: record > 1")
        guard case .several(let results) = chain.apply(Fixture.record(.list([.int(2), .string("x"), .int(1)])), at: .zero) else {
            Issue.record("expected several results")
            return
        }
        guard case .passed = results[0], case .failed(_, step: 1, .deadLetter) = results[1], case .dropped = results[2] else {
            Issue.record("\(results)")
            return
        }
    }
}
