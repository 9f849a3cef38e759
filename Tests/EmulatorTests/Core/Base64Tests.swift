import Foundation
import Testing

@testable import Emulator

@Suite("Base64")
struct Base64Tests {
    @Test("Bytes of every length encode as the reference does and read back", arguments: 0...67)
    func roundTrip(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count &* 101) }
        var text: [UInt8] = []
        Base64.encode(bytes, into: &text)
        #expect(String(decoding: text, as: UTF8.self) == Data(bytes).base64EncodedString())
        #expect(Base64.decode(String(decoding: text, as: UTF8.self)) == bytes)
        #expect(Base64.decodedCount(String(decoding: text, as: UTF8.self)) == count)
    }

    @Test(
        "What is not base64 is refused",
        arguments: [
            "a", "ab", "abc", "abcde", "ab=c", "=abc", "a===", "====", "ab==abcd", "YW\nF", "YWE ", "YW-_", "YWF=", "YR==", "ä===",
            "\u{0}AAA",
        ])
    func refused(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
