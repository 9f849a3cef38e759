import JSON
import Records
import Testing

@testable import Expressions

@Suite("Programs over records that are not decoded")
struct UndecodedTests {
    private static let text = """
        {"status": "paid", "total": 12.5, "count": 3, "customer": {"name": "Anna", "tags": ["x", {"y": [7]}]}, "tags": ["a", "b"],
         "none": null, "big": 18446744073709551615, "odd.name": true, "umlaut": "g\\u00fcnstig \\ud83d\\ude00", "zero": 0, "twice": 1, "twice": 2}
        """

    /// The same record, decoded and not.
    private static func records() throws -> (decoded: Record, undecoded: Record) {
        let bytes = Array(text.utf8)
        var builder = TapeBuilder()
        try builder.add(bytes.indices, of: bytes)
        let content = builder.finish()[0]
        guard case .json = content else { throw Failure("decoded", "the text was decoded when it was read") }
        let origin = Origin(ReadPlace(source: "orders"))
        return (Record(try JSON.parse(bytes), origin: origin), Record(content, origin: origin))
    }

    /// The result, or the error with its place.
    private static func outcome(_ program: Program, _ record: Record) -> String {
        do throws(EvaluationError) {
            return "\(try program.evaluate(record))"
        } catch {
            return "\(error.description) \(error.length)"
        }
    }

    @Test(
        "an expression has the same value or error as over the decoded record",
        arguments: [
            "record", "record.status", "record.missing", "record.status.x", "record.customer", "record.customer.name",
            "record.customer.missing", "record.customer.name.x", "record.customer.tags", "record.customer.tags[1].y[0]",
            "record.customer.tags[2]", "record.customer.tags[-1]", "record.customer.tags['a']", "record.customer[0]", "record.status[0]",
            "record['status']", "record['missing']", "record['odd.name']", "record.`odd.name`", "record.tags[record.zero]",
            "record.big", "record.big - 1u", "record.none == null", "record.umlaut", "record.umlaut.size()", "record.twice",
            "has(record.status)", "has(record.missing)", "has(record.customer.name)", "has(record.customer.missing)",
            "has(record.missing.name)", "has(record.status.name)", "record.?status.orValue('none')", "record.?missing.orValue('none')",
            "record.?customer.?name.orValue('none')", "record.customer.?missing.orValue('none')", "record.status.?x.orValue('none')",
            "record.missing.?x.orValue('none')", "record[?'status'].orValue('none')", "record.?tags[0].orValue('none')",
            "record.status == 'paid'", "record.status != 'paid'", "record.count == 'paid'", "record.count != 'paid'",
            "record.missing == 'paid'", "record.customer == 'paid'", "record.umlaut == 'g\\u00fcnstig \\U0001F600'", "record.status == ''",
            "record.count >= 3", "record.total < 12", "record.total == 12.5", "record.status > 3",
            "record.tags.exists(tag, tag == 'b')", "'b' in record.tags", "'status' in record", "size(record)",
            "record.status.startsWith('pa') && record.count > 2", "record.status.startsWith('paid!')", "record.status.endsWith('id')",
            "record.status.contains('ai')", "record.status.contains('')", "record.umlaut.endsWith('\\U0001F600')",
            "record.count.contains('3')",
            "record.missing.startsWith('x')", "!record.`odd.name`", "record.`odd.name` && record.count == 3", "!(record.count == 3)",
            "record.count == 3 || record.missing", "record.missing || record.count == 3", "record.missing && record.count == 4",
            "record.status && record.count == 3", "record.count != 3 && record.status", "record.none == 3 || record.count < 4.5",
            "record.twice == 2 && record.twice != 1", "record.big == 3 || record.total > 12.4", "{'a': record.customer}",
            "record.map(name, name)",
        ])
    func agreement(source: String) throws {
        let (decoded, undecoded) = try Self.records()
        let program = try Program(parsing: source)
        #expect(Self.outcome(program, undecoded) == Self.outcome(program, decoded))
        #expect(Self.condition(program, undecoded) == Self.condition(program, decoded))
    }

    /// The same of it as a condition.
    private static func condition(_ program: Program, _ record: Record) -> String {
        do throws(EvaluationError) {
            return "\(try program.evaluateCondition(record))"
        } catch {
            return "\(error.description) \(error.length)"
        }
    }
}
