import OrderedCollections
import Processors
import Records
import Testing

@Suite struct DecoderFuzzTests {
    @Test("no bytes crash a decoder", arguments: ProcessorSpec.builtIn, [11, 12] as [UInt64])
    func randomBytes(spec: ProcessorSpec, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<1000 {
            let bytes = random.bytes(0..<64)
            if let values = try? spec.decode(bytes), spec.serializer == .raw {
                #expect(values == [.bytes(bytes)], "seed \(seed)")
            }
            #expect(KPL.deaggregate(KPLEnvelope.wrap(bytes))?.isEmpty != true, "seed \(seed): \(bytes)")
        }
    }

    @Test("what a damaged MessagePack reads as can be written and read again", arguments: [21, 22, 23] as [UInt64])
    func damagedMessagePack(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<1000 {
            var bytes: [UInt8] = []
            let value = Value.random(depth: 3, &random)
            try MessagePack.write(value, into: &bytes)
            #expect(try MessagePack.parse(bytes[...]) == value, "seed \(seed)")
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? MessagePack.parse(bytes[...]) else { continue }
            var written: [UInt8] = []
            try MessagePack.write(read, into: &written)
            #expect("\(try MessagePack.parse(written[...]))" == "\(read)", "seed \(seed): \(bytes)")
        }
    }

    @Test("a damaged aggregate under a right checksum gives records or none, and never crashes", arguments: [31, 32, 33] as [UInt64])
    func damagedAggregate(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let spec = try #require(ProcessorSpec.builtIn(named: "kpl_raw"))
        var unharmed = 0
        for _ in 0..<500 {
            var aggregation = Aggregation<[Int]>(spec)
            for item in 0..<Int.random(in: 1..<6, using: &random) {
                _ = try aggregation.add(random.bytes(0..<8), item: item, partitionKey: "\(item % 3)", explicitHashKey: "\(item)")
            }
            let data = try #require(aggregation.flush().first?.data.bytes)
            var message = Array(data[4..<(data.count - 16)])
            message[Int.random(in: 0..<message.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            if KPL.deaggregate(KPLEnvelope.wrap(message)) != nil { unharmed += 1 }
        }
        // Damage to keys and data goes unseen under a new checksum; damage to the structure must not.
        #expect((1..<500).contains(unharmed), "seed \(seed)")
    }

    @Test(
        "what is serialized and aggregated is read back", arguments: ["json", "json_lines", "json_list", "msgpack", "kpl_json"],
        [41, 42] as [UInt64])
    func roundTrip(name: String, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let spec = try #require(ProcessorSpec.builtIn(named: name)).with(maxSize: .kibibytes(25))
        var aggregation = Aggregation<[Int]>(spec)
        var values: [Value] = []
        var records: [AggregatedRecord<[Int]>] = []
        for item in 0..<300 {
            let value = Value.random(depth: 2, &random, binary: name == "msgpack")
            values.append(value)
            records += try aggregation.add(spec.serialize(value), item: item, partitionKey: "k")
        }
        records += aggregation.flush()
        let read = try records.flatMap { record -> [Value] in
            if spec.aggregator == .kpl { return try (KPL.deaggregate(record.data.bytes) ?? []).flatMap { try spec.decode($0.data) } }
            let items = try spec.decode(record.data.bytes)
            guard name == "json_list", case .list(let list) = items.first else { return items }
            return list
        }
        #expect(read == values, "seed \(seed)")
    }
}

extension Value {
    static func random(depth: Int, _ random: inout SplitMix64, binary: Bool = true) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &random) {
        case 0: .null
        case 1: .bool(.random(using: &random))
        case 2: .int(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
        case 3: .double(Double.random(in: -1e6...1e6, using: &random))
        case 4: binary ? .bytes(random.bytes(0..<40)) : .int(0)
        case 5: binary ? .ext(type: Int8.random(in: -128...127, using: &random), data: random.bytes(0..<20)) : .double(2)
        case 6: .string(String(decoding: random.bytes(0..<40).map { $0 & 0x7F }, as: UTF8.self))
        case 7: .list((0..<Int.random(in: 0..<20, using: &random)).map { _ in .random(depth: depth - 1, &random, binary: binary) })
        default:
            .map(
                (0..<Int.random(in: 0..<20, using: &random)).reduce(into: ValueMap()) { map, index in
                    map["key\(index)"] = .random(depth: depth - 1, &random, binary: binary)
                })
        }
    }
}
