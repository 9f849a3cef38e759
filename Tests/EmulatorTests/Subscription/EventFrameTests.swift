import Testing
import Wire

@testable import Emulator

@Suite("Event frames")
struct EventFrameTests {
    @Test("The checksum is that of gzip")
    func checksum() {
        #expect(CRC32.checksum(Array("123456789".utf8)[...]) == 0xcbf4_3926)
        #expect(CRC32.checksum([]) == 0)
    }

    @Test("The first frame of a stream is what AWS's clients expect, byte for byte")
    func golden() {
        let expected = """
            0000007200000060ab820d9e0d3a6d6573736167652d747970650700056576656e740b3a6576656e742d7479706507001069\
            6e697469616c2d726573706f6e73650d3a636f6e74656e742d7479706507001a6170706c69636174696f6e2f782d616d7a2d\
            6a736f6e2d312e317b7de16e66e4
            """
        var payload = ReplyWriter()
        payload.object { _ in }
        let bytes = EventFrame.event("initial-response", payload).bytes
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(digits == expected)
    }

    @Test("A failure is an exception with its code and its sentence", arguments: [WireFormat.json, .cbor])
    func exception(format: WireFormat) throws {
        var reader = FrameReader()
        reader.take(EventFrame.exception(.resourceInUse("Taken \"over\"."), format).bytes)
        let frame = try #require(try reader.next())
        #expect(frame.headers[":message-type"] == "exception")
        #expect(frame.headers[":exception-type"] == "ResourceInUseException")
        #expect(frame.payload["message"].text == "Taken \"over\".")
    }
}
