import Pipeline
import Records
import Testing
import Transforms

@Suite("filter and drop")
struct ConditionStepTests {
    let paid = Value.fields(["status": .string("paid"), "total": .int(3)])
    let open = Value.fields(["status": .string("open")])

    @Test("filter lets pass what its condition holds for")
    func filter() throws {
        let chain = try Fixture.chain(#"filter: record.status == "paid""#)
        #expect(try chain.output(paid) == paid)
        #expect(try chain.output(open) == nil)
    }

    @Test("drop is the opposite of filter")
    func drop() throws {
        let chain = try Fixture.chain(#"drop: record.status == "paid""#)
        #expect(try chain.output(paid) == nil)
        #expect(try chain.output(open) == open)
    }

    @Test("a missing field is a failure of the record, with the place in the file and the part of the expression")
    func missingField() throws {
        guard
            case .failed(let failure, let step, .deadLetter) = try Fixture.chain("filter: true", "filter: record.total > 2").apply(
                Fixture.record(open), at: .zero)
        else {
            Issue.record("expected a failure")
            return
        }
        #expect(step == 1)
        #expect(failure.code == "expression_failed")
        #expect(failure.message == "there is no field `total` (in `record.total`)")
        #expect(failure.mark?.line == 7)
        #expect(failure.mark?.column == 17)
    }

    @Test("a condition that gives no bool fails", arguments: ["filter: record.status", "drop: record.status"])
    func notBool(step: String) throws {
        #expect(try Fixture.chain(step).failure(paid) == "expression_failed")
    }

    @Test("what can never be a condition is rejected while the file is compiled")
    func neverCondition() {
        #expect(Fixture.diagnostics("filter: record.total + 1") == [])
        #expect(Fixture.diagnostics("filter: size(record.tags)") == ["6:17 not_a_condition"])
        #expect(Fixture.diagnostics("filter: meta.shrad == 'a'") == ["6:22 invalid_expression"])
    }

    @Test("records that are no maps can be filtered too")
    func anyValue() throws {
        #expect(try Fixture.chain("filter: record.contains('ERROR')").output(.string("an ERROR")) == .string("an ERROR"))
    }
}
