import NIOCore
import Testing

@testable import Checkpoints

@Suite("RESP, as hiredis reads and writes it")
struct RESPTests {
    private func decode(_ chunks: [ArraySlice<UInt8>]) throws -> [RESPValue] {
        let decoder = RESPDecoder()
        var values: [RESPValue] = []
        for chunk in chunks {
            try decoder.feed(ByteBuffer(bytes: chunk).readableBytesView)
            while let value = try decoder.next() { values.append(value) }
        }
        return values
    }

    static let conversation = Array(
        ("+OK\r\n$5\r\nh\r\nlo\r\n:-42\r\n$-1\r\n*-1\r\n$0\r\n\r\n-ERR no such thing\r\n*0\r\n"
            + "*4\r\n:9223372036854775807\r\n*2\r\n$3\r\nabc\r\n*1\r\n$-1\r\n-NOSCRIPT gone\r\n+fine\r\n").utf8)

    static let replies: [RESPValue] = [
        .status("OK"), .string(Array("h\r\nlo".utf8)), .integer(-42), .null, .null, .string([]),
        .error(RESPError(text: "ERR no such thing")),
        .array([]),
        .array([
            .integer(.max), .array([.string(Array("abc".utf8)), .array([.null])]), .error(RESPError(text: "NOSCRIPT gone")),
            .status("fine"),
        ]),
    ]

    @Test("replies that come glued together")
    func glued() throws {
        #expect(try decode([Self.conversation[...]]) == Self.replies)
    }

    @Test("replies cut in two, at every byte")
    func cut() throws {
        for boundary in Self.conversation.indices {
            #expect(try decode([Self.conversation[..<boundary], Self.conversation[boundary...]]) == Self.replies, "at \(boundary)")
        }
    }

    @Test("replies that come byte by byte")
    func single() throws {
        #expect(try decode(Self.conversation.indices.map { Self.conversation[$0...$0] }) == Self.replies)
    }

    @Test("a reply larger than any buffer")
    func large() throws {
        let body = [UInt8](repeating: 0xFF, count: 3_000_000)
        let bytes = Array("$\(body.count)\r\n".utf8) + body + Array("\r\n:1\r\n".utf8)
        let chunks = stride(from: 0, to: bytes.count, by: 65_536).map { bytes[$0..<min($0 + 65_536, bytes.count)] }
        #expect(try decode(chunks) == [.string(body), .integer(1)])
    }

    @Test(
        "what is no reply ends the conversation",
        arguments: ["HTTP/1.1 400 Bad Request\r\n", "\u{15}\u{3}\u{1}", "*x\r\n", ":1x\r\n", "$-7\r\n"])
    func garbage(_ text: String) {
        #expect(throws: RESPViolation.self) { try decode([Array(text.utf8)[...]]) }
    }

    @Test("arrays beyond the depth of any script's answer end the conversation")
    func depth() {
        let bytes = Array((String(repeating: "*1\r\n", count: 20) + ":1\r\n").utf8)
        #expect(throws: RESPViolation.self) { try decode([bytes[...]]) }
    }

    @Test("the code of an error is its first word")
    func errorCode() {
        #expect(RESPError(text: "NOSCRIPT No matching script.").code == "NOSCRIPT")
        #expect(RESPError(text: "").code == "")
    }

    @Test(
        "commands are arrays of binary strings, empty ones and line ends among them",
        arguments: [
            ([Array("PING".utf8)], "*1\r\n$4\r\nPING\r\n"),
            ([Array("SET".utf8), [], Array("a\r\nb\0c".utf8)], "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$6\r\na\r\nb\0c\r\n"),
            ([[]], "*1\r\n$0\r\n\r\n"),
        ] as [([[UInt8]], String)])
    func commands(_ arguments: [[UInt8]], _ expected: String) {
        var buffer = ByteBuffer()
        RESPEncoder.encode(arguments, into: &buffer)
        #expect(String(buffer: buffer) == expected)
    }

    @Test("what is written is read back")
    func roundTrip() throws {
        let arguments = (0..<1_000).map { index in [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index % 7) }
        var buffer = ByteBuffer()
        RESPEncoder.encode(arguments, into: &buffer)
        #expect(try decode([Array(buffer.readableBytesView)[...]]) == [.array(arguments.map { .string($0) })])
    }
}
