import Pipeline
import Records
import Testing
import Transforms

@Suite("set, remove, keep and rename")
struct FieldStepTests {
    let order = Value.fields([
        "id": .int(7), "customer": .fields(["name": .string("Anna"), "mail": .string("a@b")]), "note": .null,
    ])

    @Test("set makes fields and the maps on their way, and leaves the others")
    func set() throws {
        let chain = try Fixture.chain("set: {id: record.id + 1, customer.key: meta.partition_key, a.b.c: 'true'}")
        #expect(
            try chain.output(order)
                == .fields([
                    "id": .int(8),
                    "customer": .fields(["name": .string("Anna"), "mail": .string("a@b"), "key": .string("key")]),
                    "note": .null, "a": .fields(["b": .fields(["c": .bool(true)])]),
                ]))
    }

    @Test("all expressions of one set read the record as it was")
    func setReadsBefore() throws {
        let swapped = try Fixture.chain("set: {a: record.b, b: record.a}").output(.fields(["a": .int(1), "b": .int(2)]))
        #expect(swapped == .fields(["a": .int(2), "b": .int(1)]))
    }

    @Test("a plain scalar of YAML is an expression")
    func scalars() throws {
        #expect(
            try Fixture.chain("set: {n: 1, d: 1.5, t: true}").output(.fields([:]))
                == .fields(["n": .int(1), "d": .double(1.5), "t": .bool(true)]))
    }

    @Test(
        "fields that are not there are no error",
        arguments: ["remove: [nothing, customer.nothing, id.nothing]", "rename: {nothing: something, id.x: y}"])
    func missing(step: String) throws {
        #expect(try Fixture.chain(step).output(order) == order)
    }

    @Test("remove takes fields out, also inside of maps")
    func remove() throws {
        #expect(
            try Fixture.chain("remove: [id, customer.mail, note]").output(order)
                == .fields(["customer": .fields(["name": .string("Anna")])]))
    }

    @Test("keep leaves nothing else, in the record's order")
    func keep() throws {
        #expect(
            try Fixture.chain("keep: [customer.name, id, customer.nothing, note.x]").output(order)
                == .fields(["id": .int(7), "customer": .fields(["name": .string("Anna")])]))
        #expect(try Fixture.chain("keep: [nothing]").output(order) == .fields([:]))
    }

    @Test(
        "a field that is kept as a whole is not narrowed by a path inside of it",
        arguments: ["[customer, customer.name]", "[customer.name, customer]"])
    func keepWhole(paths: String) throws {
        #expect(
            try Fixture.chain("keep: \(paths)").output(order)
                == .fields(["customer": .fields(["name": .string("Anna"), "mail": .string("a@b")])]))
    }

    @Test("rename moves fields, all at once")
    func rename() throws {
        #expect(
            try Fixture.chain("rename: {id: order.id, customer.name: name}").output(order)
                == .fields([
                    "customer": .fields(["mail": .string("a@b")]), "note": .null, "order": .fields(["id": .int(7)]),
                    "name": .string("Anna"),
                ]))
        #expect(
            try Fixture.chain("rename: {a: b, b: a}").output(.fields(["a": .int(1), "b": .int(2)]))
                == .fields(["b": .int(1), "a": .int(2)]))
        #expect(
            try Fixture.chain("rename: {id: id.value}").output(.fields(["id": .int(1)])) == .fields(["id": .fields(["value": .int(1)])]))
    }

    @Test("a name with a dot stands between backticks")
    func quoted() throws {
        #expect(
            try Fixture.chain("rename: {'`a.b`': c.`d e`}").output(.fields(["a.b": .int(1)])) == .fields(["c": .fields(["d e": .int(1)])]))
    }

    @Test("a record that is no map is a failure", arguments: ["set: {a: 1}", "remove: [a]", "keep: [a]", "rename: {a: b}"])
    func notMap(step: String) throws {
        #expect(try Fixture.chain(step).failure(.list([.int(1)])) == "record_not_a_map")
    }

    @Test(
        "what is no map cannot be set inside of, and the record stays as it was",
        arguments: ["set: {new: 1, id.x: 2}", "rename: {note: id.x}"])
    func obstacle(step: String) throws {
        #expect(try Fixture.chain(step).failure(order) == "field_not_a_map")
        #expect(try Fixture.chain("{\(step), on_error: keep}").output(order) == order)
    }

    @Test("a failing expression leaves the record as it was")
    func failingSet() throws {
        #expect(try Fixture.chain("{set: {id: 0, x: record.nothing}, on_error: keep}").output(order) == order)
    }
}
