import OrderedCollections
import Records

@testable import Expressions

/// An order as it comes from a stream.
let order = Record(
    .map([
        "status": .string("paid"), "total": .double(12.5), "count": .int(3), "customer": .map(["name": .string("Anna")]),
        "tags": .list([.string("a"), .string("b")]), "none": .null, "big": .bigInteger(BigInteger("99999999999999999999")!),
        "dotted.name": .bool(true), "blob": .bytes([1, 2]),
    ]),
    origin: Origin(
        ReadPlace(source: "orders", stream: "orders", shard: "shardId-000000000001"),
        ReadEntry(sequence: "4960", partitionKey: "anna", arrivedAt: 1_767_323_045_000)))

/// The value of an expression over the order.
func value(of source: String) throws -> Value {
    try Program(parsing: source).evaluate(order)
}

/// The error that an expression is rejected with, nil where it is accepted.
func rejection(of source: String) -> ExpressionError? {
    do throws(ExpressionError) {
        _ = try Program(parsing: source)
        return nil
    } catch {
        return error
    }
}

/// The error of an evaluation, nil where it succeeds.
func failure(of source: String) throws -> EvaluationError? {
    let program = try Program(parsing: source)
    do throws(EvaluationError) {
        _ = try program.evaluate(order)
        return nil
    } catch {
        return error
    }
}
