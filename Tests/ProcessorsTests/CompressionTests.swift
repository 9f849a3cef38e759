import Foundation
import Records
import Testing

@testable import Processors

@Suite struct CompressionTests {
    private static let texts: [[UInt8]] = [
        [], [0], Array("{\"a\": 1}\n".utf8), [UInt8](repeating: 0x20, count: 3_000_000), randomBytes(1_000_000),
    ]

    private static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SplitMix64(seed: 5)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    @Test("What was compressed is read back", arguments: Compression.allCases)
    func roundTrip(compression: Compression) throws {
        for text in Self.texts {
            let compressed = compression.compress(text)
            #expect(compressed.count <= text.count + text.count / 256 + 128)
            #expect(try compression.decompress(compressed) == text)
        }
    }

    /// Made by `printf 'one\ntwo\n' | gzip -n9` and by `zstd -19`.
    @Test(
        "What other programs write is read",
        arguments: [
            (Compression.gzip, "H4sIAAAAAAACA8vPS+UqKc/nAgDmC7oSCAAAAA=="),
            (.zstd, "KLUv/SQIQQAAb25lCnR3bwrmpg5A"),
        ])
    func foreign(compression: Compression, base64: String) throws {
        let data = try #require(Data(base64Encoded: base64))
        #expect(try compression.decompress([UInt8](data)) == Array("one\ntwo\n".utf8))
    }

    @Test("Members and frames one after the other are read as one text", arguments: Compression.allCases)
    func concatenated(compression: Compression) throws {
        let data = compression.compress(Array("one\n".utf8)) + compression.compress(Array("two\n".utf8))
        #expect(try compression.decompress(data) == Array("one\ntwo\n".utf8))
    }

    @Test("A bomb is refused at the limit, and what just fits is not", arguments: Compression.allCases)
    func bomb(compression: Compression) throws {
        let data = compression.compress([UInt8](repeating: 0, count: 100_000))
        #expect(try compression.decompress(data, atMost: 100_000).count == 100_000)
        let error = #expect(throws: ProcessorError.self) { try compression.decompress(data, atMost: 99_999) }
        #expect(error?.code == .decompressedTooLarge)
    }

    @Test("Every cut, and every other damage that counts, is an error and not a shorter text", arguments: Compression.allCases)
    func damaged(compression: Compression) throws {
        let text = Self.randomBytes(200) + Array("abcabcabcabcabc".utf8)
        let data = compression.compress(text)
        for length in 0..<data.count {
            let error = #expect(throws: ProcessorError.self) { try compression.decompress(Array(data[..<length])) }
            #expect(error?.code == .invalidCompression)
        }
        for foreign in [Array("plain text".utf8), data + [1, 2, 3], Compression.allCases.first { $0 != compression }!.compress(text)] {
            let error = #expect(throws: ProcessorError.self) { try compression.decompress(foreign) }
            #expect(error?.code == .invalidCompression && error?.hint != nil)
        }
        // Neither format checks all of its header's bits, and zstd without a checksum not all of its data's: nothing may crash.
        for index in data.indices {
            var changed = data
            changed[index] ^= 0x55
            _ = try? compression.decompress(changed)
        }
    }

    @Test(
        "A processor compresses the aggregate, not its items, and reads it back",
        arguments: [
            (AggregatorKind.newline, SerializerKind.json), (.simple, .json), (.list, .json), (.netstring, .msgpack), (.simple, .raw),
        ], Compression.allCases)
    func processor(pair: (AggregatorKind, SerializerKind), compression: Compression) throws {
        let spec = try ProcessorSpec("compact", aggregator: pair.0, serializer: pair.1, compression: compression)
        var aggregation = Aggregation<[Int]>(spec)
        var records: [AggregatedRecord<[Int]>] = []
        let value = Value.string(String(repeating: "again and ", count: 20))
        for index in 0..<50 { records += try aggregation.add(spec.serialize(value), item: index, partitionKey: "k") }
        records += aggregation.flush()
        #expect(records.flatMap(\.items) == Array(0..<50))
        if pair.0 != .simple { #expect(records.count == 1 && records[0].data.count < 1_000) }
        let plain = try ProcessorSpec("plain", aggregator: pair.0, serializer: pair.1)
        for record in records {
            #expect(try spec.decode(record.data.bytes) == plain.decode(compression.decompress(record.data.bytes)))
        }
    }

    @Test("Data that does not get smaller still fits into a record with its key", arguments: Compression.allCases)
    func incompressible(compression: Compression) throws {
        let spec = try ProcessorSpec("compact", aggregator: .simple, serializer: .raw, compression: compression)
        let key = String(repeating: "k", count: 256)
        var aggregation = Aggregation<[Int]>(spec)
        var largest = 0
        for size in [1_040_000, 1_044_000, 1_044_100, 1_044_200, 1_048_000, 1_048_320] {
            guard let records = try? aggregation.add(Self.randomBytes(size), item: 0, partitionKey: key) else { continue }
            largest = size
            #expect(records.allSatisfy { $0.data.count + 256 <= 1 << 20 })
        }
        #expect(largest >= 1_044_000)
    }

    @Test("KPL aggregates are not compressed: their readers would not know them") func kpl() {
        let error = #expect(throws: ProcessorError.self) {
            try ProcessorSpec("own", aggregator: .kpl, serializer: .json, compression: .zstd)
        }
        #expect(error?.code == .unsupportedPair)
    }
}
