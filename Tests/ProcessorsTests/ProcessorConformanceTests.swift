import FoundationEssentials
import JSON
import OrderedCollections
import Records
import Testing

@testable import Processors

/// The folder of conformance data, where there is one.
let conformance = ProcessInfo.processInfo.environment["KINESIS_AGENT_CONFORMANCE"]

@Suite(.enabled(if: conformance != nil)) struct ProcessorConformanceTests {
    @Test(
        "the vectors of async-kinesis, byte for byte",
        arguments: ["StringProcessor", "JsonProcessor", "JsonLineProcessor", "JsonListProcessor", "MsgpackProcessor"])
    func asyncKinesis(processor: String) throws {
        let vectors = try lines("async-kinesis", "\(processor).jsonl")
        #expect(!vectors.isEmpty)
        for vector in vectors where !vector["name"].text.hasPrefix("pystr_") {
            try check(vector, processor)
        }
    }

    private func check(_ vector: Value, _ processor: String) throws {
        var spec = try #require(ProcessorSpec.builtIn(named: processor))
        if case .int(let kibibytes) = vector["max_size_kb"] { spec = try spec.with(maxSize: .kibibytes(Int(kibibytes))) }
        var aggregation = Aggregation<[Int]>(spec)
        var outputs: [AggregatedRecord<[Int]>] = []
        var refused: [Int] = []
        for (index, item) in vector["items"].items.enumerated() {
            let value = item.map["value"] ?? item.map["raw"] ?? .bytes(item["bytes_b64"].decoded)
            do {
                outputs += try aggregation.add(spec.serialize(value), item: index, partitionKey: item["partition_key"].optionalText)
            } catch {
                refused.append(index)
            }
        }
        outputs += aggregation.flush()
        let expected = vector["outputs"].items.filter { $0["n"] != .int(0) }
        let name = Comment(rawValue: "\(processor) \(vector["name"].text)")
        #expect(outputs.map(\.data.bytes) == expected.map(\.["data_b64"].decoded), name)
        #expect(outputs.map { Int64($0.items.count) } == expected.map(\.["n"].integer), name)
        #expect(outputs.map { Int64($0.accountedSize) } == expected.map(\.["size"].integer), name)
        #expect(outputs.map(\.partitionKey) == expected.map(\.["partition_key"].optionalText), name)
        #expect(refused.map(Int64.init) == (vector.map["errors"]?.items ?? []).map(\.["index"].integer), name)
        for output in outputs { #expect(throws: Never.self, name) { try spec.decode(output.data.bytes) } }
    }

    @Test("the aggregates of aws-kinesis-agg are taken apart, and made again byte for byte") func kpl() throws {
        let vectors = try lines("kpl", "aggregated.jsonl")
        #expect(!vectors.isEmpty)
        for vector in vectors {
            let name = Comment(rawValue: vector["name"].text)
            let aggregate = vector["aggregate_b64"].decoded
            let records = try #require(KPL.deaggregate(aggregate), name)
            let expected = vector["records"].items
            #expect(records.map(\.data) == expected.map(\.["data_b64"].decoded), name)
            #expect(records.map { Array($0.partitionKey.utf8) } == expected.map { Array($0["pk"].text.utf8) }, name)
            #expect(records.map(\.explicitHashKey) == expected.map(\.["ehk"].optionalText), name)
            var made = KPLAggregate()
            for record in records {
                let data = SharedBytes(record.data)
                let size = made.size(adding: data, partitionKey: record.partitionKey, explicitHashKey: record.explicitHashKey)
                made.append(data, partitionKey: record.partitionKey, explicitHashKey: record.explicitHashKey)
                var finished = made
                if records.count < 20 { #expect(finished.finish().count == size, name) }
            }
            #expect(made.finish().bytes == aggregate, name)
        }
    }

    @Test("an aggregate is put with the keys of its first record") func kplKeys() throws {
        for vector in try lines("kpl", "aggregated.jsonl") {
            var aggregation = Aggregation<[Int]>(try #require(ProcessorSpec.builtIn(named: "kpl_raw")))
            var outputs: [AggregatedRecord<[Int]>] = []
            for (index, record) in (KPL.deaggregate(vector["aggregate_b64"].decoded) ?? []).enumerated() {
                outputs += try aggregation.add(
                    record.data, item: index, partitionKey: record.partitionKey, explicitHashKey: record.explicitHashKey)
            }
            outputs += aggregation.flush()
            #expect(outputs.first?.partitionKey == vector["partition_key"].text)
            #expect(outputs.first?.explicitHashKey == vector["explicit_hash_key"].optionalText)
            let read = outputs.flatMap { KPL.deaggregate($0.data.bytes) ?? [] }
            #expect(read == KPL.deaggregate(vector["aggregate_b64"].decoded))
        }
    }

    @Test("every encoding of the MessagePack test suite is read, and one of them written") func messagePack() throws {
        let suite = try JSON.parse(try contents("msgpack/msgpack-test-suite.json"))
        var count = 0
        for (group, cases) in suite.map {
            for vector in cases.items {
                let encodings = vector["msgpack"].items.map { KPLTests.hex($0.text.filter { $0 != "-" }) }
                let value = try expectedValue(vector)
                for encoding in encodings {
                    count += 1
                    let read = try MessagePack.parse(encoding[...])
                    #expect(read.isSameNumberOrValue(as: value), "\(group): \(encoding)")
                }
                var written: [UInt8] = []
                try MessagePack.write(value, into: &written)
                #expect(encodings.contains(written), "\(group): \(value)")
            }
        }
        #expect(count == 233)
    }

    private func expectedValue(_ vector: Value) throws -> Value {
        for (kind, value) in vector.map {
            switch kind {
            case "nil", "bool", "string", "array", "map": return value
            case "number" where vector.map["bignum"] == nil: return value
            case "bignum": return try JSON.parse(ascii(value.text))
            case "binary": return .bytes(KPLTests.hex(value.text.filter { $0 != "-" }))
            case "ext": return .ext(type: Int8(value.items[0].integer), data: KPLTests.hex(value.items[1].text.filter { $0 != "-" }))
            case "timestamp":
                return .ext(type: -1, data: KPLTests.hex(String(vector["msgpack"].items[0].text.filter { $0 != "-" })).timestampPayload)
            default: continue
            }
        }
        throw Failure("unknown_case", "\(vector)")
    }

    private func lines(_ set: String, _ file: String) throws -> [Value] {
        try ["public", "heldout"].flatMap { part in
            (try? contents("\(set)/\(part)/\(file)"))?.split(separator: UInt8(ascii: "\n")) ?? []
        }.map { try JSON.parse($0) }
    }

    private func contents(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(filePath: "\(conformance ?? "")/\(path)")))
    }
}

extension [UInt8] {
    /// The payload of a timestamp's encoding: behind `d6 ff`, `d7 ff` or `c7 0c ff`.
    fileprivate var timestampPayload: [UInt8] { Array(dropFirst(self[0] == 0xC7 ? 3 : 2)) }
}

extension Value {
    fileprivate subscript(key: String) -> Value { map[key] ?? .null }

    fileprivate var map: ValueMap {
        if case .map(let map) = self { map } else { [:] }
    }

    fileprivate var items: [Value] {
        if case .list(let items) = self { items } else { [] }
    }

    fileprivate var optionalText: String? {
        if case .string(let text) = self { text } else { nil }
    }

    fileprivate var text: String { optionalText ?? "" }

    fileprivate var integer: Int64 {
        if case .int(let integer) = self { integer } else { .min }
    }

    fileprivate var decoded: [UInt8] { Data(base64Encoded: text).map { [UInt8]($0) } ?? [] }

    /// The suite lists floats among the encodings of whole numbers.
    fileprivate func isSameNumberOrValue(as other: Value) -> Bool {
        switch (self, other) {
        case (.double(let a), .int(let b)): a == Double(b)
        case (.double(let a), .bigInteger(let b)): a == Double(b.digits)
        case (.int(let a), .double(let b)): Double(a) == b
        default: self == other
        }
    }
}
