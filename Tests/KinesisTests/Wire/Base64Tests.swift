import NIOCore
import Testing

@testable import Kinesis

@Suite("Base64")
struct Base64Tests {
    private func encoded(_ bytes: [UInt8]) -> String {
        var buffer = ByteBuffer()
        Base64.encode(bytes, into: &buffer)
        return String(buffer: buffer)
    }

    @Test(
        "the vectors of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, text: String) {
        #expect(encoded(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test("bytes of every value and length come back", arguments: 0..<70)
    func roundTrip(length: Int) {
        let bytes = (0..<length * 11).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 3) }
        #expect(Base64.decode(encoded(bytes)) == bytes)
    }

    @Test(
        "what is not base64 is refused",
        arguments: [
            "Zg", "Zg=", "Z===", "====", "Zm9v!m9v", "Zm9\u{80}", "Zm=v", "Zm9v\n", "Z-__", "=m9v", "Zm9vZg==Zm9v", " Zm9v", "Zm9vé",
        ])
    func refused(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
