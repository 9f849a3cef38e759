import Pipeline
import Records
import Testing
import Transforms

@Suite("sample, dedupe and throttle")
struct RateStepTests {
    private func event(_ id: String, _ number: Int64 = 0) -> Value { .fields(["id": .string(id), "n": .int(number)]) }

    private func passes(_ chain: StepChain, _ value: Value, sequence: Int = 1, at seconds: Int64 = 0) -> Bool {
        let record = Fixture.record(value, sequence: sequence)
        if case .passed = chain.apply(record, at: Fixture.time(seconds)) { return true }
        return false
    }

    @Test("a sample has about its share, and a record read again meets the same fate", arguments: ["rate: 0.25", "one_in: 4"])
    func share(options: String) throws {
        let chain = try Fixture.chain("sample: {\(options)}")
        let again = try Fixture.chain("sample: {\(options)}")
        let passing = (0..<10_000).filter { passes(chain, event("a"), sequence: $0) }
        #expect((2_300...2_700).contains(passing.count))
        #expect(passing.allSatisfy { passes(again, event("a"), sequence: $0) })
    }

    @Test("all records of a key pass, or none")
    func keys() throws {
        let chain = try Fixture.chain("sample: {rate: 0.5, key: record.id}")
        let byKey = (0..<200).map { key in Set((0..<5).map { passes(chain, event("key \(key)", Int64($0)), sequence: $0) }) }
        #expect(byKey.allSatisfy { $0.count == 1 })
        #expect((60...140).contains(byKey.count { $0 == [true] }))
    }

    @Test("the ends of the range are everything and nothing")
    func ends() throws {
        let (all, none) = (try Fixture.chain("sample: {rate: 1}"), try Fixture.chain("sample: {rate: 0}"))
        #expect((0..<1_000).allSatisfy { passes(all, event("a"), sequence: $0) && !passes(none, event("a"), sequence: $0) })
    }

    @Test("a key goes by once in its window")
    func dedupe() throws {
        let chain = try Fixture.chain("dedupe: {key: record.id, window: 10s}")
        #expect(passes(chain, event("a"), sequence: 1, at: 0))
        #expect(!passes(chain, event("a"), sequence: 2, at: 9))
        #expect(passes(chain, event("b"), sequence: 3, at: 9))
        #expect(passes(chain, event("a"), sequence: 4, at: 10))
        #expect(!passes(chain, event("a"), sequence: 5, at: 19))
        #expect(passes(chain, event("a"), sequence: 6, at: 20))
    }

    @Test("a record that is read again is no duplicate of itself")
    func readAgain() throws {
        let chain = try Fixture.chain("dedupe: {key: record.id}")
        #expect(passes(chain, event("a"), sequence: 1))
        #expect(passes(chain, event("a"), sequence: 1))
        #expect(!passes(chain, event("a"), sequence: 2))
    }

    @Test("beyond the limit the oldest keys are forgotten")
    func forgotten() throws {
        let chain = try Fixture.chain("dedupe: {key: record.id, max_keys: 2}")
        for (sequence, id) in ["a", "b", "c"].enumerated() { #expect(passes(chain, event(id), sequence: sequence)) }
        #expect(!passes(chain, event("c"), sequence: 10))
        #expect(passes(chain, event("a"), sequence: 11))
    }

    @Test("keys of different types are different")
    func keyTypes() throws {
        let chain = try Fixture.chain("dedupe: {key: record}")
        #expect(passes(chain, .int(1), sequence: 1))
        #expect(passes(chain, .string("1"), sequence: 2))
        #expect(!passes(chain, .int(1), sequence: 3))
    }

    @Test("so many records go on in a time, of each key")
    func throttle() throws {
        let chain = try Fixture.chain("throttle: {records: 2, per: 10s, key: record.id}")
        #expect((0..<5).map { _ in passes(chain, event("a"), at: 0) } == [true, true, false, false, false])
        #expect(passes(chain, event("b"), at: 0))
        #expect((0..<2).map { _ in passes(chain, event("a"), at: 5) } == [true, false])
        #expect((0..<3).map { _ in passes(chain, event("a"), at: 100) } == [true, true, false])
    }

    @Test("over a long time no more goes on than the limit allows")
    func longTime() throws {
        let chain = try Fixture.chain("throttle: {records: 3, per: 7s}")
        let passing = (0..<700).filter { passes(chain, event("a"), sequence: Int($0), at: Int64($0)) }
        #expect((300...303).contains(passing.count))
    }

    @Test("keys beyond the limit share one")
    func manyKeys() throws {
        let chain = try Fixture.chain("throttle: {records: 1, per: 10s, key: record.id, max_keys: 2}")
        #expect(["a", "b", "c", "d"].map { passes(chain, event($0), at: 0) } == [true, true, true, false])
        #expect(passes(chain, event("d"), at: 20))
    }

    @Test("the excess can be a failure, so that nothing is lost")
    func excess() throws {
        let chain = try Fixture.chain("throttle: {records: 1, excess: fail}")
        #expect(chain.failure(event("a")) == nil)
        #expect(chain.failure(event("a")) == "throttled")
    }

    @Test(
        "a key that fails is a failure of the record",
        arguments: ["sample: {rate: 0, key: record.x}", "dedupe: {key: record.x}", "throttle: {records: 1, key: record.x}"])
    func failingKey(step: String) throws {
        #expect(try Fixture.chain(step).failure(event("a")) == "expression_failed")
    }

    @Test(
        "mistakes are found while the file is compiled",
        arguments: [
            ("sample: {}", "6:9 missing_key"), ("sample: {rate: 10}", "6:24 invalid_value"),
            ("sample: {rate: 0.1, one_in: 2}", "6:37 conflicting_keys"),
            ("dedupe: {window: 1s}", "6:9 missing_key"), ("dedupe: {key: record.a, window: 0s}", "6:41 invalid_value"),
            ("throttle: {per: 1s}", "6:9 missing_key"), ("throttle: {records: 0}", "6:29 invalid_value"),
        ])
    func mistakes(step: String, expected: String) {
        #expect(Fixture.diagnostics(step) == [expected])
    }
}
