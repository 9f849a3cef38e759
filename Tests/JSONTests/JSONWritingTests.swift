import OrderedCollections
import Records
import Testing

@testable import JSON

@Suite struct JSONWritingTests {
    private func write(_ value: Value, _ style: JSON.Style) throws -> String {
        String(decoding: try JSON.bytes(value, style: style), as: UTF8.self)
    }

    @Test("the Python style is json.dumps, byte for byte") func python() throws {
        let value = Value.map([
            "a": .list([.int(1), .null, .bool(true), .bool(false)]),
            "é": .string("\"\\/\u{8}\u{9}\u{A}\u{C}\u{D}\u{1F}\u{7F}\u{80}\u{FFFF}😀"),
            "n": .list([.double(.nan), .double(.infinity), .double(-.infinity)]), "e": .map([:]), "l": .list([]),
        ])
        #expect(
            try write(value, .python)
                == #"{"a": [1, null, true, false], "\u00e9": "\"\\/\b\t\n\f\r\u001f\u007f"#
                + #"\u0080\uffff\ud83d\ude00", "n": [NaN, Infinity, -Infinity], "e": {}, "l": []}"#)
    }

    @Test("the compact style has no spaces and keeps UTF-8") func compact() throws {
        let value = Value.map(["a": .list([.int(-1), .string("é😀\u{1}\"")]), "b": .double(1)])
        #expect(try write(value, .compact) == "{\"a\":[-1,\"é😀\\u0001\\\"\"],\"b\":1.0}")
    }

    @Test(
        "doubles are written as Python's repr",
        arguments: [
            (1.0, "1.0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e15, "1000000000000000.0"), (9_007_199_254_740_991, "9007199254740991.0"),
            (9_007_199_254_740_992, "9007199254740992.0"), (9_999_999_999_999_998, "9999999999999998.0"), (1e16, "1e+16"),
            (1.2345678901234567e16, "1.2345678901234568e+16"), (1e22, "1e+22"), (1e23, "1e+23"), (1e100, "1e+100"), (0.0001, "0.0001"),
            (0.00012345, "0.00012345"), (0.00001, "1e-05"), (1.5e-7, "1.5e-07"), (.leastNonzeroMagnitude, "5e-324"), (123.456, "123.456"),
            (-1234.5, "-1234.5"), (1.7976931348623157e308, "1.7976931348623157e+308"), (2.2250738585072014e-308, "2.2250738585072014e-308"),
            (123_456_789_012.345, "123456789012.345"),
        ])
    func doubles(double: Double, text: String) throws {
        #expect(try write(.double(double), .python) == text)
        #expect(try write(.double(double), .compact) == text)
    }

    @Test("integers of any size are written whole") func integers() throws {
        #expect(try write(.int(.min), .compact) == "-9223372036854775808")
        #expect(try write(.int(.max), .compact) == "9223372036854775807")
        #expect(try write(.int(0), .compact) == "0")
        let big = try #require(BigInteger("-123456789012345678901234567890"))
        #expect(try write(.bigInteger(big), .python) == big.digits)
    }

    @Test("what JSON has no form for is refused with its path, and nothing is left behind") func refused() {
        var output = Array("before".utf8)
        let value = Value.map(["a": .list([.int(1), .map(["b": .bytes([1])])])])
        let error = #expect(throws: JSONError.self) { try JSON.write(value, style: .compact, into: &output) }
        #expect(error?.path == ".a[1].b")
        #expect(error?.code == .notRepresentable)
        #expect(output == Array("before".utf8))
        #expect(throws: JSONError.self) { try JSON.bytes(.ext(type: 1, data: []), style: .python) }
        #expect(throws: JSONError.self) { try JSON.bytes(.double(.nan), style: .compact) }
    }

    @Test(
        "an escape is found at every place of a string", arguments: [JSON.Style.compact, .python],
        ["\"", "\\", "\n", "\u{1F}", "\u{7F}", "é", "漢", "😀"])
    func escapesEverywhere(style: JSON.Style, character: String) throws {
        let escaped = try JSON.bytes(.string(character), style: style).count - 2
        for length in 0..<20 {
            for place in 0...length {
                let text = String(repeating: " ", count: place) + character + String(repeating: "~", count: length - place)
                let written = try JSON.bytes(.string(text), style: style)
                #expect(written.count == length + 2 + escaped)
                #expect(try JSON.parse(written) == .string(text))
            }
        }
    }
}
