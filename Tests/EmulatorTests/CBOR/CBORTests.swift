import OrderedCollections
import Records
import Testing

@testable import Emulator

@Suite("CBOR")
struct CBORTests {
    private func parse(_ bytes: [UInt8]) throws -> Value {
        try bytes.withUnsafeBytes { bytes throws in try CBORReader.parse(bytes) }
    }

    @Test(
        "The examples of RFC 8949, appendix A",
        arguments: [
            ([0x00], .int(0)), ([0x17], .int(23)), ([0x18, 0x18], .int(24)), ([0x19, 0x03, 0xe8], .int(1_000)),
            ([0x1b, 0x00, 0x00, 0x00, 0xe8, 0xd4, 0xa5, 0x10, 0x00], .int(1_000_000_000_000)),
            ([0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], .double(18_446_744_073_709_551_616)), ([0x20], .int(-1)),
            ([0x39, 0x03, 0xe7], .int(-1_000)), ([0x3b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], .int(.min)),
            ([0xf9, 0x3c, 0x00], .double(1)), ([0xf9, 0x7b, 0xff], .double(65_504)), ([0xf9, 0x00, 0x01], .double(5.960464477539063e-8)),
            ([0xf9, 0xc4, 0x00], .double(-4)), ([0xf9, 0x7c, 0x00], .double(.infinity)),
            ([0xfa, 0x47, 0xc3, 0x50, 0x00], .double(100_000)), ([0xfb, 0x3f, 0xf1, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a], .double(1.1)),
            ([0xf4], .bool(false)), ([0xf5], .bool(true)), ([0xf6], .null), ([0xc1, 0x1a, 0x51, 0x4b, 0x67, 0xb0], .int(1_363_896_240)),
            ([0x44, 1, 2, 3, 4], .bytes([1, 2, 3, 4])), ([0x62, 0xc3, 0xbc], .string("\u{fc}")), ([0x80], .list([])),
            ([0x83, 1, 2, 3], .list([.int(1), .int(2), .int(3)])), ([0xa1, 0x61, 0x61, 0x01], .map(["a": .int(1)])),
            ([0x5f, 0x42, 1, 2, 0x43, 3, 4, 5, 0xff], .bytes([1, 2, 3, 4, 5])), ([0x7f, 0x61, 0x61, 0x61, 0x62, 0xff], .string("ab")),
            ([0x9f, 0x01, 0x82, 2, 3, 0x9f, 4, 5, 0xff, 0xff], .list([.int(1), .list([.int(2), .int(3)]), .list([.int(4), .int(5)])])),
            ([0xbf, 0x61, 0x61, 0x01, 0x61, 0x62, 0x9f, 2, 3, 0xff, 0xff], .map(["a": .int(1), "b": .list([.int(2), .int(3)])])),
        ] as [([UInt8], Value)])
    func examples(bytes: [UInt8], value: Value) throws {
        #expect(try parse(bytes) == value)
    }

    @Test(
        "Bytes that are not one item, or more than the API can mean, are refused",
        arguments: [
            [], [0xff], [0x00, 0x00], [0x18], [0x1c], [0x1f], [0x3f], [0xdf], [0x62, 0xc3, 0x28], [0x61], [0x81], [0x9f],
            [0xbf, 0x61, 0x61],
            [0xa1, 0x01, 0x02], [0xbf, 0x00, 0xff], [0x5f, 0x61, 0x61, 0xff], [0x5f, 0x5f, 0xff, 0xff], [0xf8, 0x20], [0xf7, 0xf7],
            [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [UInt8](repeating: 0x81, count: 40) + [0x00],
            [UInt8](repeating: 0xc1, count: 40) + [0x00], [0x9f] + [UInt8](repeating: 0x80, count: 200_000) + [0xff],
        ] as [[UInt8]])
    func refused(bytes: [UInt8]) {
        #expect(throws: CBORError.self) { try parse(bytes) }
    }

    @Test("What is written is read back")
    func roundTrip() throws {
        var reply = ReplyWriter(.cbor)
        reply.object { reply in
            reply.member("Numbers") { reply in
                reply.array(of: [0, 23, 24, 255, 256, 65_535, 65_536, 1 << 32, .max, -1, -24, -25, .min]) { reply, number in
                    reply.object { $0.member("N", number) }
                }
            }
            reply.member("Text", "é\u{0}\"\\")
            reply.member("Long", String(repeating: "x", count: 70_000))
            reply.member("Flag", true)
            reply.member("Moment", timestamp: 1_800_000_000_123)
            reply.member("Data", blob: [0, 255])
            reply.member("Sequence", sequence: 7, in: SequenceSpace(createdAt: 1_800_000_000_000, shardIndex: 3))
            reply.member("None", [String]())
        }
        let value = try parse(reply.bytes)
        let numbers = value["Numbers"].elements.map { $0["N"] }
        #expect(
            numbers
                == [0, 23, 24, 255, 256, 65_535, 65_536, 1 << 32, .max, -1, -24, -25, .min].map { Value.int($0) })
        #expect(value["Text"] == .string("é\u{0}\"\\"))
        #expect(value["Long"].text?.count == 70_000)
        #expect(value["Flag"] == .bool(true))
        #expect(value["Moment"] == .int(1_800_000_000_123))
        #expect(value["Data"] == .bytes([0, 255]))
        #expect(value["Sequence"].text?.count == 56)
        #expect(value["None"] == .list([]))
    }
}
