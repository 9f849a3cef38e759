import OrderedCollections
import Processors
import Records
import Testing

@Suite struct MessagePackTests {
    @Test(
        "integers take their shortest encoding",
        arguments: [
            (0, [0]), (127, [0x7F]), (128, [0xCC, 0x80]), (255, [0xCC, 0xFF]), (256, [0xCD, 1, 0]), (65_536, [0xCE, 0, 1, 0, 0]),
            (4_294_967_296, [0xCF, 0, 0, 0, 1, 0, 0, 0, 0]), (-1, [0xFF]), (-32, [0xE0]), (-33, [0xD0, 0xDF]), (-128, [0xD0, 0x80]),
            (-129, [0xD1, 0xFF, 0x7F]), (-32_769, [0xD2, 0xFF, 0xFF, 0x7F, 0xFF]),
            (-2_147_483_649, [0xD3, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]), (.min, [0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        ] as [(Int64, [UInt8])])
    func integers(integer: Int64, bytes: [UInt8]) throws {
        var output: [UInt8] = []
        try MessagePack.write(.int(integer), into: &output)
        #expect(output == bytes)
        #expect(try MessagePack.parse(output[...]) == .int(integer))
    }

    @Test("unsigned 64-bit integers past Int64 survive") func unsigned() throws {
        let big = try Value.bigInteger(#require(BigInteger("18446744073709551615")))
        var output: [UInt8] = []
        try MessagePack.write(big, into: &output)
        #expect(output == [0xCF] + Array(repeating: 0xFF, count: 8))
        #expect(try MessagePack.parse(output[...]) == big)
    }

    @Test(
        "text, bytes and extensions of every length class come back as what they were",
        arguments: [0, 1, 2, 4, 16, 31, 32, 255, 256, 65_535, 65_536])
    func lengths(count: Int) throws {
        let bytes = Array(repeating: UInt8(ascii: "x"), count: count)
        let values: [Value] = [
            .string(String(decoding: bytes, as: UTF8.self)), .bytes(bytes), .ext(type: -1, data: bytes),
            .list(Array(repeating: .null, count: count)),
            .map(ValueMap(uniqueKeysWithValues: (0..<count).map { ("\($0)", .bool(true)) })),
        ]
        for value in values {
            var output: [UInt8] = []
            try MessagePack.write(value, into: &output)
            #expect(try MessagePack.parse(output[...]) == value)
        }
    }

    @Test(
        "what is malformed is refused at its byte",
        arguments: [
            ([], 0), ([0xC1], 0), ([0x92, 0x01], 0), ([0x91], 0), ([0xDD, 0xFF, 0xFF, 0xFF, 0xFF], 0),
            ([0xDF, 0x7F, 0xFF, 0xFF, 0xFF, 0xA0], 0),
            ([0xC6, 0xFF, 0xFF, 0xFF, 0xFF, 0], 0), ([0xDB, 0, 0, 0, 2, 0x61], 0), ([0xA1, 0xFF], 0), ([0xC7, 5, 1, 0], 0), ([0xCD, 1], 2),
            ([0x01, 0x02], 1), ([0x81, 0x01, 0x02], 1), ([0x81, 0xC4, 0x01, 0x61, 0x02], 1), ([0x91, 0x81, 0xC0, 0x02], 2),
        ] as [([UInt8], Int)])
    func malformed(bytes: [UInt8], offset: Int) {
        let error = #expect(throws: ProcessorError.self) { try MessagePack.parse(bytes[...]) }
        #expect(error?.code == .invalidMessagePack)
        #expect(error?.offset == offset)
    }

    @Test("a key that is no string is named by its type") func keys() {
        let error = #expect(throws: ProcessorError.self) { try MessagePack.parse([0x81, 0x93, 0x01, 0x02, 0x03, 0x02]) }
        #expect(error?.message.contains("list") == true)
    }

    @Test("nesting is an error past its limit, and fine up to it") func depth() throws {
        func nested(_ depth: Int) -> [UInt8] { Array(repeating: 0x91, count: depth) + [0x01] }
        let deepest = try MessagePack.parse(nested(MessagePack.maximumDepth)[...])
        #expect(throws: ProcessorError.self) { try MessagePack.parse(nested(MessagePack.maximumDepth + 1)[...]) }
        #expect(throws: ProcessorError.self) { try MessagePack.parse(nested(1_000_000)[...]) }
        var output: [UInt8] = []
        try MessagePack.write(deepest, into: &output)
        #expect(output == nested(MessagePack.maximumDepth))
        #expect(throws: ProcessorError.self) { try MessagePack.write(.list([deepest]), into: &output) }
    }

    @Test("of a key given twice the last value wins, and keys that only Unicode holds equal are refused") func duplicateKeys() throws {
        #expect(try MessagePack.parse([0x82, 0xA1, 0x61, 0x01, 0xA1, 0x61, 0x02]) == .map(["a": .int(2)]))
        #expect(throws: ProcessorError.self) { try MessagePack.parse([0x82, 0xA2, 0xC3, 0xA9, 0x01, 0xA3, 0x65, 0xCC, 0x81, 0x02]) }
    }
}
