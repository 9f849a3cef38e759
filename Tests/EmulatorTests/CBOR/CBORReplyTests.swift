import Records
import Testing
import Wire

@testable import Emulator

@Suite("Replies in CBOR")
struct CBORReplyTests {
    private func parse(_ bytes: [UInt8]) throws -> Value {
        try bytes.withUnsafeBytes { bytes throws in try CBORReader.parse(bytes) }
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
