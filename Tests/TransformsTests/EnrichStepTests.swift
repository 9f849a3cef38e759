import Pipeline
import Records
import Testing
import Transforms

@Suite("enrich")
struct EnrichStepTests {
    private let csv = "id,name\n1,\"Anna, A.\"\n2,Ben\n"
    private let order = Value.fields(["customer": .int(1), "name": .string("order")])

    private func chain(_ files: FakeFiles, _ options: String = "into: who") throws -> StepChain {
        try Fixture.chain("enrich: {file: c.csv, column: id, key: record.customer, \(options)}", files: files)
    }

    private func row(_ name: String) -> Value { .fields(["id": .string("1"), "name": .string(name)]) }

    @Test("the row with the record's key goes into a field, or beside the others")
    func rows() throws {
        let files = FakeFiles(["c.csv": csv])
        #expect(try chain(files).output(order)?.field("who") == row("Anna, A."))
        #expect(
            try chain(files, "into: .").output(order)
                == .fields(["customer": .int(1), "name": .string("Anna, A."), "id": .string("1")]))
    }

    @Test("JSON lines have keys that are texts or integers")
    func jsonLines() throws {
        let files = FakeFiles(["c.jsonl": "{\"id\": 1, \"vip\": true}\n\n{\"id\": \"x\"}"])
        let chain = try Fixture.chain("enrich: {file: c.jsonl, column: id, key: record.customer, into: who}", files: files)
        #expect(try chain.output(order)?.field("who") == .fields(["id": .int(1), "vip": .bool(true)]))
        #expect(try chain.output(.fields(["customer": .string("x")]))?.field("who") == .fields(["id": .string("x")]))
    }

    @Test("a key that is not in the file passes, or fails")
    func missing() throws {
        let files = FakeFiles(["c.csv": csv])
        let stranger = Value.fields(["customer": .int(9)])
        #expect(try chain(files).output(stranger) == stranger)
        #expect(try chain(files, "into: who, missing: fail").failure(stranger) == "key_not_found")
    }

    @Test("a file that changes is read anew when it is time, without stopping")
    func reload() throws {
        let files = FakeFiles(["c.csv": csv])
        let chain = try chain(files, "into: who, reload: 10s")
        #expect(try chain.output(order, at: 0)?.field("who") == row("Anna, A."))
        files.write("c.csv", "id,name\n1,Zoe\n")
        #expect(try chain.output(order, at: 9)?.field("who") == row("Anna, A."))
        #expect(try chain.output(order, at: 10)?.field("who") == row("Zoe"))
        #expect(files.warnings == [])
    }

    @Test("a broken or vanished file is warned of once, and what was read stays")
    func broken() throws {
        let files = FakeFiles(["c.csv": csv])
        let chain = try chain(files, "into: who, reload: 1s")
        #expect(try chain.output(order, at: 0)?.field("who") == row("Anna, A."))
        files.write("c.csv", "id,name\n1\n")
        for second in 1..<5 { #expect(try chain.output(order, at: Int64(second))?.field("who") == row("Anna, A.")) }
        #expect(files.warnings == ["file_not_usable"])
        files.remove("c.csv")
        for second in 5..<9 { #expect(try chain.output(order, at: Int64(second))?.field("who") == row("Anna, A.")) }
        #expect(files.warnings == ["file_not_usable", "file_not_readable"])
        files.write("c.csv", "id,name\n1,Zoe\n")
        #expect(try chain.output(order, at: 9)?.field("who") == row("Zoe"))
    }

    @Test(
        "a pipeline does not start with a file that cannot be used",
        arguments: ["", "name\nAnna\n", "id,id\n1,2\n", "id,name\n1,2,3\n", "id,name\n\"1,2\n"])
    func unusable(text: String) throws {
        let failure = #expect(throws: Failure.self) { try chain(FakeFiles(["c.csv": text])) }
        #expect(failure?.code == "file_not_usable")
    }

    @Test("a pipeline does not start without the file, or with one that is too large")
    func unreadable() throws {
        #expect(throws: Failure.self) { try chain(FakeFiles()) }
        #expect(throws: Failure.self) { try chain(FakeFiles(["c.csv": csv]), "into: who, max_size: 4") }
    }

    @Test("the row cannot go where something else is")
    func obstacle() throws {
        #expect(try chain(FakeFiles(["c.csv": csv]), "into: name.x").failure(order) == "field_not_a_map")
    }
}
