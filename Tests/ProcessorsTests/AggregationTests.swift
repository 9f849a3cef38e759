import Processors
import Records
import Testing

@Suite struct AggregationTests {
    private func spec(_ aggregator: AggregatorKind, _ serializer: SerializerKind = .json, kibibytes: Int = 25) throws -> ProcessorSpec {
        try ProcessorSpec("own", aggregator: aggregator, serializer: serializer, maxSize: .kibibytes(kibibytes))
    }

    private func text(_ record: AggregatedRecord<[Int]>) -> String { String(decoding: record.data.bytes, as: UTF8.self) }

    @Test(
        "items are framed",
        arguments: [(.newline, "1\n22\n"), (.list, "[1, 22]"), (.netstring, "1:1,2:22,")] as [(AggregatorKind, String)])
    func framing(aggregator: AggregatorKind, framed: String) throws {
        var aggregation = Aggregation<[Int]>(try spec(aggregator))
        #expect(try aggregation.add(ascii("1"), item: 1, partitionKey: "k").isEmpty)
        #expect(try aggregation.add(ascii("22"), item: 2, partitionKey: "k").isEmpty)
        #expect(aggregation.pendingCount == 2)
        let record = try #require(aggregation.flush().first)
        #expect(text(record) == framed)
        #expect(record.items == [1, 2])
        #expect(record.partitionKey == "k")
        #expect(aggregation.isEmpty && aggregation.pendingBytes == 0 && aggregation.flush().isEmpty)
    }

    @Test("simple puts every item out at once") func simple() throws {
        var aggregation = Aggregation<[Int]>(try spec(.simple))
        let records = try aggregation.add(ascii("1"), item: 1, partitionKey: nil, explicitHashKey: "5")
        #expect(records.map(text) == ["1"])
        #expect(records.first?.explicitHashKey == "5")
        #expect(aggregation.isEmpty)
    }

    @Test("a change of key emits, and no key is not the empty key") func keyChange() throws {
        var aggregation = Aggregation<[Int]>(try spec(.newline))
        var emitted: [AggregatedRecord<[Int]>] = []
        for (index, key) in [nil, "", "", "\u{E9}", "e\u{301}", nil].enumerated() {
            emitted += try aggregation.add(ascii("\(index)"), item: index, partitionKey: key)
        }
        emitted += aggregation.flush()
        #expect(emitted.map(\.items) == [[0], [1, 2], [3], [4], [5]])
    }

    @Test("a change of explicit hash key emits") func hashKeyChange() throws {
        var aggregation = Aggregation<[Int]>(try spec(.newline))
        #expect(try aggregation.add(ascii("1"), item: 1, partitionKey: "k", explicitHashKey: "1").isEmpty)
        let emitted = try aggregation.add(ascii("2"), item: 2, partitionKey: "k", explicitHashKey: "2")
        #expect(emitted.first?.explicitHashKey == "1")
        #expect(aggregation.flush().first?.explicitHashKey == "2")
    }

    @Test("an item over the limit is refused with both sizes, and nothing else changes") func tooLarge() throws {
        var aggregation = Aggregation<[Int]>(try spec(.newline))
        #expect(try aggregation.add(ascii("1"), item: 1, partitionKey: "a").isEmpty)
        let error = try #require(throws: ProcessorError.self) {
            try aggregation.add(Array(repeating: 0x31, count: 25_601), item: 2, partitionKey: "b")
        }
        #expect(error.code == .itemTooLarge)
        #expect(error.message.contains("25601") && error.message.contains("25600"))
        #expect(aggregation.pendingCount == 1)
        #expect(aggregation.flush().map(\.items) == [[1]])
    }

    @Test("an item of exactly the limit goes out alone, without an empty record before it") func exactLimit() throws {
        var aggregation = Aggregation<[Int]>(try spec(.newline))
        #expect(try aggregation.add(Array(repeating: 0x31, count: 25_600), item: 1, partitionKey: nil).isEmpty)
        let emitted = try aggregation.add(ascii("2"), item: 2, partitionKey: nil)
        #expect(emitted.map(\.accountedSize) == [25_600])
        #expect(emitted.map(\.data.count) == [25_601])
    }

    @Test("a line feed inside a line is refused instead of making two") func lineFeed() throws {
        var aggregation = Aggregation<[Int]>(try spec(.newline, .string))
        let error = try #require(throws: ProcessorError.self) { try aggregation.add(ascii("a\nb"), item: 1, partitionKey: nil) }
        #expect(error.code == .breaksFraming)
        #expect(aggregation.isEmpty)
    }

    @Test("a list of small items never passes what Kinesis takes, key included", arguments: ["k", String(repeating: "漢", count: 80)])
    func recordLimit(key: String) throws {
        var aggregation = Aggregation<[Int]>(try spec(.list, kibibytes: 1024))
        // 22 bytes each of which async-kinesis counts 21: together they pass 1 MiB while they seem to be below the limit.
        let payload = Array(repeating: UInt8(ascii: "1"), count: 20)
        var records: [AggregatedRecord<[Int]>] = []
        for index in 0..<48_000 { records += try aggregation.add(payload, item: index, partitionKey: key) }
        records += aggregation.flush()
        #expect(records.count > 1)
        #expect(records.allSatisfy { $0.data.count + key.utf8.count <= 1_048_576 })
        #expect(records.map(\.items.count).reduce(0, +) == 48_000)
    }

    @Test("a raw item that fits a record only without its key is refused") func keyCounts() throws {
        var aggregation = Aggregation<[Int]>(try #require(ProcessorSpec.builtIn(named: "raw")))
        #expect(try aggregation.add(Array(repeating: 0, count: 1_048_573), item: 1, partitionKey: "key").count == 1)
        #expect(throws: ProcessorError.self) { try aggregation.add(Array(repeating: 0, count: 1_048_574), item: 1, partitionKey: "key") }
    }
}
