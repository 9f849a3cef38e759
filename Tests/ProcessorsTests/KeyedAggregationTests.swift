import Processors
import Records
import Testing

@Suite struct KeyedAggregationTests {
    private func spec(_ name: String) throws -> ProcessorSpec { try #require(ProcessorSpec.builtIn(named: name)) }

    @Test("interleaved keys still aggregate") func interleaved() throws {
        var aggregation = KeyedAggregation<[Int]>(try spec("json_lines"))
        for index in 0..<9 {
            let key = ["a", "b", nil][index % 3]
            #expect(try aggregation.add(ascii("\(index)"), item: index, partitionKey: key).isEmpty)
        }
        #expect(aggregation.pendingCount == 9)
        #expect(aggregation.pendingBytes == 18)
        let records = aggregation.flush()
        #expect(records.map(\.items) == [[0, 3, 6], [1, 4, 7], [2, 5, 8]])
        #expect(records.map(\.partitionKey) == ["a", "b", nil])
        #expect(aggregation.isEmpty && aggregation.pendingBytes == 0)
    }

    @Test("beyond the bound on open aggregates, the least recently used is emitted") func leastRecentlyUsed() throws {
        var aggregation = KeyedAggregation<[Int]>(try spec("json_lines"), maxOpen: 2)
        #expect(try aggregation.add([49], item: 1, partitionKey: "a").isEmpty)
        #expect(try aggregation.add([49], item: 2, partitionKey: "b").isEmpty)
        #expect(try aggregation.add([49], item: 3, partitionKey: "a").isEmpty)
        #expect(try aggregation.add([49], item: 4, partitionKey: "c").map(\.items) == [[2]])
        #expect(try aggregation.add([49], item: 5, partitionKey: "b").map(\.items) == [[1, 3]])
        #expect(aggregation.flush().map(\.items) == [[4], [5]])
    }

    @Test("beyond the bound on waiting bytes, the least recently used is emitted") func pendingBytes() throws {
        var aggregation = KeyedAggregation<[Int]>(try spec("json_lines"), maxPendingBytes: ByteSize(bytes: 20))
        let payload = Array(repeating: UInt8(ascii: "1"), count: 8)
        #expect(try aggregation.add(payload, item: 1, partitionKey: "a").isEmpty)
        #expect(try aggregation.add(payload, item: 2, partitionKey: "b").isEmpty)
        #expect(try aggregation.add(payload, item: 3, partitionKey: "c").map(\.items) == [[1]])
        #expect(aggregation.pendingBytes == 18)
    }

    @Test("a refused item leaves what its key has open") func refusedItem() throws {
        var aggregation = KeyedAggregation<[Int]>(try spec("json_lines"))
        #expect(try aggregation.add([49], item: 1, partitionKey: "a").isEmpty)
        #expect(throws: ProcessorError.self) { try aggregation.add(Array(repeating: 49, count: 2_000_000), item: 2, partitionKey: "a") }
        #expect(aggregation.pendingCount == 1)
        #expect(aggregation.flush().map(\.items) == [[1]])
    }

    @Test("KPL mixes the keys of one group and keeps groups apart") func groups() throws {
        var aggregation = KeyedAggregation<[Int]>(try spec("kpl_json"))
        for (index, group) in ["s0", "s1", "s0", "s1"].enumerated() {
            #expect(try aggregation.add([49], item: index, partitionKey: "k\(index)", group: group).isEmpty)
        }
        let records = aggregation.flush()
        #expect(records.map(\.items) == [[0, 2], [1, 3]])
        #expect(records.map { KPL.deaggregate($0.data.bytes)?.map(\.partitionKey) } == [["k0", "k2"], ["k1", "k3"]])
    }

    @Test(
        "every item comes out once, in order within its key, and the counts are right",
        arguments: ["json_lines", "json_list", "kpl_raw", "json"], [1, 2] as [UInt64])
    func conservation(name: String, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var aggregation = KeyedAggregation<[Int]>(
            try spec(name).with(maxSize: .kibibytes(25)), maxOpen: 7, maxPendingBytes: .kibibytes(100))
        var keys: [Int: Int] = [:]
        var out: [Int] = []
        for item in 0..<1500 {
            let key = Int.random(in: 0..<12, using: &random)
            keys[item] = key
            let payload = Array(repeating: UInt8(ascii: "1"), count: Int.random(in: 1..<3000, using: &random))
            out += try aggregation.add(payload, item: item, partitionKey: "\(key)", group: "\(key % 4)").flatMap(\.items)
            #expect(aggregation.pendingCount == item + 1 - out.count)
            #expect(aggregation.pendingBytes <= 100 * 1024)
        }
        out += aggregation.flush().flatMap(\.items)
        #expect(out.sorted() == Array(0..<1500), "seed \(seed)")
        for key in 0..<12 {
            let ofKey = out.filter { keys[$0] == key }
            #expect(ofKey == ofKey.sorted(), "seed \(seed), key \(key)")
        }
    }
}
