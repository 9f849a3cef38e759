import JSON
import OrderedCollections
import Records
import Testing

@testable import Expressions

@Suite("Limits of time and memory")
struct LimitTests {
    /// A record with a list of so many numbers and a text of so many letters.
    private func record(numbers: Int = 0, letters: Int = 0) -> Record {
        Record(
            .map([
                "l": .list((0..<numbers).map { .int(Int64($0)) }), "t": .string(String(repeating: "a", count: letters)),
                "m": .map(ValueMap(uniqueKeysWithValues: (0..<numbers).map { ("k\($0)", .int(Int64($0))) })),
            ]), origin: Origin(ReadPlace(source: "in")))
    }

    /// The same record as it is before somebody asks for its fields.
    private func undecoded(_ record: Record) throws -> Record {
        var builder = TapeBuilder()
        let bytes = try JSON.bytes(record.value)
        try builder.add(bytes.indices, of: bytes)
        return Record(builder.finish()[0], origin: record.origin)
    }

    /// Fewer steps than an evaluation has: enough to see them run out, and over sooner.
    private static let few = 20_000

    private func failure(_ source: String, _ record: Record, steps: Int = Limits.evaluationSteps) throws -> String? {
        var program = try Program(parsing: source)
        program.steps = steps
        do throws(EvaluationError) {
            _ = try program.evaluate(record)
            return nil
        } catch {
            return error.message
        }
    }

    private let tooExpensive = "the expression takes too many steps for this record"
    private let tooLarge = "the result of the expression is too large"

    @Test(
        "steps of an evaluation: loops in loops, comparisons in loops, long texts in loops",
        arguments: [
            "record.l.all(a, record.l.all(b, record.l.all(c, a + b + c >= 0)))", "record.l.exists(a, record.l == record.l && a < 0)",
            "record.l.exists(a, a + 1000 in record.l && a < 0)", "record.l.exists(a, record.t.contains('b'))",
            "record.l.exists(a, record.t < record.t)", "record.l.exists(a, record.t.matches('b$'))",
            "record.l.exists(a, record.m == record.m && a < 0)", "record.l.map(a, record.l).map(l, l + l).size() < 0",
            "record.l.exists(a, '%s'.format([record.l]) == '')", "record.l.exists(a, record.t.replace('a', 'bb') == '')",
            "record.l.exists(a, regex.extractAll(record.t, 'a').size() < 0)", "record.l.exists(a, record.t.split('').size() < 0)",
        ])
    func evaluationSteps(source: String) throws {
        let (small, large) = (record(numbers: 3, letters: 100), record(numbers: 200, letters: 5_000))
        #expect(try failure(source, large, steps: Self.few) == tooExpensive)
        #expect(try failure(source, undecoded(large), steps: Self.few) == tooExpensive)
        #expect(try failure(source, small, steps: Self.few) == nil)
        #expect(try failure(source, undecoded(small), steps: Self.few) == nil)
    }

    @Test("decoding a record again and again", arguments: ["record == 1", "size(record.m) < 0", "record.missing == 1"])
    func decoding(body: String) throws {
        #expect(
            try failure("record.l.exists(a, \(body))", undecoded(record(numbers: 200, letters: 5_000)), steps: Self.few) == tooExpensive)
    }

    @Test("a loop costs more the more it does with each element")
    func costOfLoops() throws {
        let small = "record.l.all(a, a >= 0)"
        let large = "record.l.all(a, \((0..<150).map { "a >= -\($0)" }.joined(separator: " && ")))"
        #expect(try failure(small, record(numbers: 1_000), steps: Self.few) == nil)
        #expect(try failure(large, record(numbers: 1_000), steps: Self.few) == tooExpensive)
    }

    @Test("regular expressions that are made while evaluating")
    func patternSteps() throws {
        #expect(try failure("record.l.exists(a, record.t.matches(string(a)))", record(numbers: 90)) == nil)
        #expect(try failure("record.l.exists(a, record.t.matches(string(a)))", record(numbers: 110)) == tooExpensive)
        // One that is written in the expression is compiled once.
        #expect(try failure("record.l.exists(a, record.t.matches('b'))", record(numbers: 10_000)) == nil)
    }

    @Test("the size of a text that is put together, and of a result")
    func resultSize() throws {
        func doubled(_ growth: String, _ start: String, _ body: String = "x") -> String {
            let levels = 60
            return "cel.bind(x, \(start), " + String(repeating: "cel.bind(x, \(growth), ", count: levels) + body
                + String(repeating: ")", count: levels + 1)
        }
        #expect(try failure(doubled("x + x", "record.t"), record(letters: 10), steps: Self.few) == tooExpensive)
        #expect(try failure(doubled("x + x", "record.l"), record(numbers: 10), steps: Self.few) == tooExpensive)
        // These share their parts in memory, and would be written out in full.
        #expect(try failure(doubled("[x, x]", "record.l"), record(numbers: 10)) == tooLarge)
        #expect(try failure(doubled("{'a': x, 'b': x}", "record"), record(numbers: 10)) == tooLarge)
        #expect(try failure(doubled("[x, x]", "record.l", "x == x"), record(numbers: 10), steps: Self.few) == tooExpensive)
        #expect(try failure(doubled("[x, x]", "record.l", "'%s'.format([x])"), record(numbers: 10), steps: Self.few) == tooExpensive)
        #expect(try failure("[record.l, record.l]", record(numbers: 1_000)) == nil)
    }

    @Test("what has one value for all records is computed once, unless that takes long")
    func folding() throws {
        func literal(_ source: String) throws -> String? { try Program(parsing: source).compiled.literal.map { "\($0)" } }
        #expect(try literal("1 + 2 * 3") == "int(7)")
        #expect(try literal("'a'.upperAscii() + 'b'") == "string(\"Ab\")")
        #expect(try literal("true || record.x") == "bool(true)")
        #expect(try literal("record.x && 1 > 2") == "bool(false)")
        #expect(try literal("record.x + 1") == nil)
        #expect(try literal("[1, 2].map(x, x + 1)") == nil)
        #expect(try literal("has(meta.file)") == nil)
        #expect(try literal("1 / 0") == nil)
        let long = (0..<6).reduce("'aaaaaaaa'") { text, _ in "\(text).replace('a', 'aaaaaaaa')" }
        #expect(try literal("\(long) == ''") == nil)
        #expect(try Program(parsing: "1 > 2").constantCondition == false)
        #expect(try Program(parsing: "record.x > 2").constantCondition == nil)
    }

    @Test("folding changes neither types nor what another part makes up for")
    func foldingKeepsMeaning() throws {
        #expect(try Program(parsing: "dyn(1) == 'a'").evaluateCondition(order) == false)
        #expect(try Program(parsing: "1 / 0 > 1 || true").evaluateCondition(order))
        #expect(rejection(of: "1 == 'a'") != nil)
        #expect(try failure("1 / 0", order) == "division by zero")
    }

    @Test("messages quote no more than the beginning of a long text")
    func messages() throws {
        let message = try #require(try failure("int(record.t)", record(letters: 1_000_000)))
        #expect(message.utf8.count < 200)
    }
}
