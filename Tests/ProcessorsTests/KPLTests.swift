import Processors
import Records
import Testing

@Suite struct KPLTests {
    private static let golden = hex(
        "f3899ac20a04706b2d610a04706b2d6212093132333435363738391a0908001a0568656c6c6f1a0b080110001a05776f726c6422b997dd912e047dad3bcc6b9ee118df"
    )

    static func hex(_ text: String) -> [UInt8] {
        let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue ?? 0 }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    @Test("an aggregate is taken apart, and an absent hash key index means none") func golden() {
        #expect(
            KPL.deaggregate(Self.golden) == [
                KPL.UserRecord(data: ascii("hello"), partitionKey: "pk-a"),
                KPL.UserRecord(data: ascii("world"), partitionKey: "pk-b", explicitHashKey: "123456789"),
            ])
    }

    @Test("any damage makes it a plain record") func damage() {
        for index in Self.golden.indices {
            var bytes = Self.golden
            bytes[index] ^= 1
            #expect(KPL.deaggregate(bytes) == nil, "byte \(index)")
            #expect(KPL.deaggregate(Array(Self.golden[..<index])) == nil, "first \(index) bytes")
        }
    }

    @Test(
        "a message that is wrong under a right checksum is a plain record",
        arguments: [
            ("", "nothing in it"), ("0a0161", "no records"), ("1a0408001a00", "an index without a table"),
            ("0a01611a0408011a00", "an index past the table"),
            ("0a01611a06080010001a00", "a hash key index without a table"), ("0a01611a021a00", "no partition key index"),
            ("0a01611a020800", "no data"),
            ("0a01ff1a0408001a00", "a key that is not UTF-8"), ("0a01611a0508001a0561", "a length past the end"),
            ("0a01611a0408001a001a", "a cut off field"), ("0a01611a0e08ffffffffffffffffff7f1a00", "a number of more than 64 bits"),
            ("0a01611a0408001a000b", "a group"), ("08010a01611a0408001a00", "a table that is a number"),
            ("0a01611a0408001a0002", "field number 0"),
        ])
    func malformed(message: String, why: Comment) {
        #expect(KPL.deaggregate(KPLEnvelope.wrap(Self.hex(message))) == nil, why)
    }

    @Test("unknown fields and tags are passed over") func unknownFields() {
        let message = Self.hex("0a01611a0c08001a01782205" + "0a016b1200" + "2801" + "3101020304050607083d01020304" + "4a0161")
        #expect(KPL.deaggregate(KPLEnvelope.wrap(message)) == [KPL.UserRecord(data: ascii("x"), partitionKey: "a")])
    }

    @Test("the aggregate of async-kinesis is written byte for byte") func asyncKinesis() throws {
        var aggregation = Aggregation<[Int]>(try #require(ProcessorSpec.builtIn(named: "kpl_raw")))
        #expect(try aggregation.add(ascii(#"{"a":1,"u":"\u00e9\/x"}"#), item: 1, partitionKey: nil).isEmpty)
        #expect(try aggregation.add(ascii(#"{"b":2.5}"#), item: 2, partitionKey: nil).isEmpty)
        let record = try #require(aggregation.flush().first)
        #expect(
            record.data.bytes
                == Self.hex(
                    "f3899ac20a01611a1b08001a177b2261223a312c2275223a225c75303065395c2f78227d1a0d08001a097b2262223a322e357dc50e51c5e2e1001620a59f23aa02d14a"
                ))
        #expect(record.accountedSize == record.data.count)
        #expect(record.partitionKey == nil)
    }

    @Test("an aggregate has hash keys for all of its records or for none") func allOrNone() throws {
        var aggregation = Aggregation<[Int]>(try #require(ProcessorSpec.builtIn(named: "kpl_raw")))
        #expect(try aggregation.add([1], item: 1, partitionKey: "a", explicitHashKey: "7").isEmpty)
        #expect(try aggregation.add([2], item: 2, partitionKey: "b", explicitHashKey: "8").isEmpty)
        let emitted = try aggregation.add([3], item: 3, partitionKey: "c")
        #expect(emitted.map(\.items) == [[1, 2]])
        #expect(emitted.first?.explicitHashKey == "7")
        #expect(emitted.first?.partitionKey == "a")
        #expect(aggregation.flush().first?.explicitHashKey == nil)
    }

    @Test("keys that only Unicode holds equal stay apart") func unicodeForms() throws {
        var aggregation = Aggregation<[Int]>(try #require(ProcessorSpec.builtIn(named: "kpl_raw")))
        _ = try aggregation.add([1], item: 1, partitionKey: "\u{E9}")
        _ = try aggregation.add([2], item: 2, partitionKey: "e\u{301}")
        let records = try #require(KPL.deaggregate(aggregation.flush().first?.data.bytes ?? []))
        #expect(records.map { Array($0.partitionKey.utf8) } == [Array("\u{E9}".utf8), Array("e\u{301}".utf8)])
    }

    @Test("the limit in bytes is reached and never passed", arguments: [60, 127, 128, 129, 300, 16_500])
    func limit(size: Int) throws {
        let spec = try ProcessorSpec("own", aggregator: .kpl, serializer: .raw, maxSize: ByteSize(bytes: size))
        var aggregation = Aggregation<[Int]>(spec)
        var random = SplitMix64(seed: UInt64(size))
        var records: [AggregatedRecord<[Int]>] = []
        var sent: [[UInt8]] = []
        for index in 0..<400 {
            let payload = random.bytes(0..<20)
            sent.append(payload)
            records += try aggregation.add(payload, item: index, partitionKey: "k\(Int.random(in: 0..<200, using: &random))")
            #expect(aggregation.pendingBytes <= size)
        }
        records += aggregation.flush()
        #expect(records.allSatisfy { $0.data.count <= size && $0.data.count == $0.accountedSize })
        #expect(records.flatMap { KPL.deaggregate($0.data.bytes)?.map(\.data) ?? [] } == sent)
        #expect(throws: ProcessorError.self) { try aggregation.add(Array(repeating: 0, count: size), item: 0, partitionKey: "k") }
    }
}
