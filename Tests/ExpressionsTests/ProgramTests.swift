import Expressions
import OrderedCollections
import Records
import Testing

@Suite("Programs")
struct ProgramTests {
    @Test(
        "conditions over fields of the record",
        arguments: [
            ("record.status == 'paid'", true),
            ("record.status != 'paid'", false),
            ("record.total > 10", true),
            ("record.customer.name.startsWith('An')", true),
            ("has(record.customer.mail)", false),
            ("record.total * 2 == 25.0", true),
            ("'b' in record.tags && !('c' in record.tags)", true),
            ("record.tags.exists(tag, tag == 'b')", true),
            ("meta.shard == 'shardId-000000000001'", true),
        ])
    func conditions(source: String, expected: Bool) throws {
        #expect(try Program(parsing: source).evaluateCondition(order) == expected)
    }
}

let order = Record(
    .map([
        "status": .string("paid"), "total": .double(12.5), "customer": .map(["name": .string("Anna")]),
        "tags": .list([.string("a"), .string("b")]),
    ]),
    partitionKey: "anna",
    origin: Origin(
        BatchOrigin(source: "orders", stream: "orders", shard: "shardId-000000000001"), sequence: "4960", arrivedAt: 1_767_323_045_000))
