import Foundation
import Testing

@testable import Wire

@Suite("Base64")
struct Base64Tests {
    private func encoded(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        Base64.encode(bytes, into: &text)
        return String(decoding: text, as: UTF8.self)
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

    @Test("bytes of every value and length encode as the reference does, and read back", arguments: 0..<170)
    func roundTrip(length: Int) {
        let bytes = (0..<length * 11 + length % 7).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 3 &+ length &* 101) }
        let text = encoded(bytes)
        #expect(text == Data(bytes).base64EncodedString())
        #expect(Base64.decode(text) == bytes)
        #expect(Base64.decodedCount(text) == bytes.count)
    }

    @Test(
        "what is not base64 is refused",
        arguments: [
            "a", "ab", "abc", "abcde", "ab=c", "=abc", "a===", "====", "ab==abcd", "YW\nF", "YWE ", "YW-_", "YWF=", "YR==", "ä===",
            "\u{0}AAA", "Zg", "Zg=", "Z===", "Zm9v!m9v", "Zm9\u{80}", "Zm=v", "Zm9v\n", "Z-__", "=m9v", "Zm9vZg==Zm9v", " Zm9v", "Zm9vé",
        ])
    func refused(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("a foreign character is found wherever it stands in a long text", arguments: 0..<256)
    func foreign(place: Int) {
        for foreign in [0, 0x0A, 0x2D, 0x3D, 0x5F, 0x80, 0xC1, 0xFF] as [UInt8] {
            var text = [UInt8](repeating: UInt8(ascii: "A"), count: 256)
            text[place] = foreign
            // Padding is none only at the very end.
            let isPadding = foreign == 0x3D && place == 255
            #expect((text.withUnsafeBufferPointer { Base64.decode($0) } == nil) != isPadding, "\(foreign)")
        }
    }
}
