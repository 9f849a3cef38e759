import Expressions
import OrderedCollections
import Records
import Testing

@Suite("Programs over records")
struct ProgramTests {
    @Test(
        "conditions over fields of the record",
        arguments: [
            ("record.status == 'paid'", true),
            ("record.status != 'paid'", false),
            ("'paid' == record.status", true),
            ("record.count == 'paid'", false),
            ("record.total > 10", true),
            ("record.customer.name.startsWith('An')", true),
            ("has(record.customer.mail)", false),
            ("record.none == null", true),
            ("record.`dotted.name` && record['dotted.name']", true),
            ("'b' in record.tags && !('c' in record.tags)", true),
            ("'status' in record", true),
            ("record.tags.exists(tag, tag == 'b')", true),
            ("record.?customer.?mail.orValue('none') == 'none'", true),
            ("record.tags[?7].hasValue()", false),
            ("meta.shard == 'shardId-000000000001' && !has(meta.file)", true),
            ("meta.arrived_at.getFullYear() == 2026", true),
            ("'stream' in meta && meta['source'] == 'orders'", true),
        ])
    func conditions(source: String, expected: Bool) throws {
        #expect(try Program(parsing: source).evaluateCondition(order) == expected)
    }

    @Test("an int and a double make a double", arguments: [("record.count * 2.5", 7.5), ("record.total - 2", 10.5), ("1 / 2.0", 0.5)])
    func mixedArithmetic(source: String, expected: Double) throws {
        #expect(try value(of: source) == .double(expected))
    }

    @Test("results become values of records")
    func results() throws {
        #expect(try value(of: "meta.arrived_at") == .string("2026-01-02T03:04:05Z"))
        #expect(try value(of: "duration('90m') + duration('500ms')") == .string("5400.5s"))
        #expect(try value(of: "7u") == .int(7))
        #expect(try value(of: "18446744073709551615u") == .bigInteger(BigInteger("18446744073709551615")!))
        #expect(
            try value(of: "{1: [record.count, null], 'n': record.customer}")
                == .map(["1": .list([.int(3), .null]), "n": .map(["name": .string("Anna")])]))
        #expect(try value(of: "type(1)") == .string("int"))
    }

    @Test("what the language does not know passes through as it is")
    func passThrough() throws {
        #expect(try value(of: "record.big") == .bigInteger(BigInteger("99999999999999999999")!))
        #expect(try value(of: "record.big + '0'") == .string("999999999999999999990"))
        #expect(try value(of: "record") == order.value)
    }

    @Test("an optional is no value of a record")
    func optionalResult() throws {
        #expect(try failure(of: "record.?count")?.message.contains("orValue") == true)
    }

    @Test("texts such as partition keys are strings or integers")
    func strings() throws {
        #expect(try Program(parsing: "record.customer.name").evaluateString(order) == "Anna")
        #expect(try Program(parsing: "record.count").evaluateString(order) == "3")
        #expect(throws: EvaluationError.self) { try Program(parsing: "record.total").evaluateString(order) }
        #expect(throws: EvaluationError.self) { try Program(parsing: "record.count").evaluateCondition(order) }
    }

    @Test("other variables come in the order of their names")
    func variables() throws {
        let program = try Program(parsing: "n * 2 + m", environment: .variables(["n", "m"]))
        #expect(try program.evaluate(variables: [.int(4), .int(1)]) == .int(9))
    }

    @Test(
        "a program tells which fields it reads",
        arguments: [
            ("record.a.b == 1 && record.c.startsWith('x')", [["a", "b"], ["c"]]),
            ("has(record.a.b)", [["a", "b"]]),
            ("meta.shard == 'x'", []),
            ("record.tags.exists(t, t == record.tag)", [["tags"], ["tag"]]),
        ])
    func readFields(source: String, fields: [[String]]) throws {
        #expect(try Program(parsing: source).readFields == fields)
    }

    @Test(
        "a program that needs the whole record says so",
        arguments: ["record", "record['a']", "size(record)", "has(record.a) && 'b' in record"])
    func readsAll(source: String) throws {
        #expect(try Program(parsing: source).readFields == nil)
    }
}
