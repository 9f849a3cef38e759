import OrderedCollections
import Records
import Testing

@testable import JSON

@Suite struct JSONReadingTests {
    private func parse(_ text: String) throws -> Value { try JSON.parse(Array(text.utf8)) }

    @Test(
        "scalars keep their kind",
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .int(0)), ("-0", .int(0)), ("1.0", .double(1)),
            ("1e5", .double(100_000)), ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
            ("\"a\\u00e9\\n\\ud83d\\ude00\\/\"", .string("aé\n😀/")), ("\"\"", .string("")), ("[]", .list([])), ("{}", .map([:])),
            ("NaN", .double(.nan)), ("[Infinity,-Infinity]", .list([.double(.infinity), .double(-.infinity)])),
            ("1e-400", .double(0)), ("5e-324", .double(.leastNonzeroMagnitude)),
            ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)),
        ] as [(String, Value)])
    func scalars(text: String, value: Value) throws {
        let read = try parse(text)
        if case .double(let double) = value, double.isNaN {
            guard case .double(let nan) = read, nan.isNaN else { throw Failure("not_nan", "\(read)") }
        } else {
            #expect(read == value)
        }
    }

    @Test("a negative zero keeps its sign") func negativeZero() throws {
        #expect(try parse("-0.0") == .double(0))
        guard case .double(let zero) = try parse("-0.0") else { throw Failure("not_double", "") }
        #expect(zero.sign == .minus)
    }

    @Test(
        "integers beyond 64 bits keep every digit",
        arguments: [
            "9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775809",
            String(repeating: "7", count: 300),
        ])
    func bigIntegers(digits: String) throws {
        let big = try #require(BigInteger(digits))
        #expect(try parse("[\(digits), 1.5, \"a\"]") == .list([.bigInteger(big), .double(1.5), .string("a")]))
    }

    @Test("keys keep their order, and of a key given twice the last value wins") func keys() throws {
        guard case .map(let map) = try parse(#"{"b":1,"a":2,"c":{"z":[]},"b":3}"#) else { throw Failure("not_map", "") }
        #expect(Array(map.keys) == ["b", "a", "c"])
        #expect(map["b"] == .int(3))
    }

    @Test("keys that only Unicode holds equal are refused instead of losing one") func equivalentKeys() {
        #expect(throws: JSONError(.equivalentKeys, "A key is the same text as an earlier one in another Unicode form", offset: 8)) {
            try parse("{\"\u{E9}\":1,\"e\u{301}\":2}")
        }
    }

    @Test(
        "what is wrong is named with its byte",
        arguments: [
            ("", .empty, 0), ("  ", .empty, 2), ("{\"a\":1} x", .trailingContent, 8), ("[1,]", .syntax, 3), ("[1 2]", .syntax, 3),
            ("{\"a\" 1}", .syntax, 5), ("{a:1}", .syntax, 1), ("\"abc", .syntax, 0), ("[\"\u{1}\"]", .syntax, 2),
            ("01", .trailingContent, 1),
            ("[-]", .syntax, 2), ("[1.]", .syntax, 3), ("[1e]", .syntax, 3), ("[\"\\x\"]", .syntax, 2), ("[\"\\u00g0\"]", .syntax, 6),
            ("[\"\\ud800\"]", .invalidUnicode, 2), ("[\"\\udc00\"]", .invalidUnicode, 2), ("[\"\\ud800\\u0041\"]", .invalidUnicode, 2),
            ("[1e400]", .numberOutOfRange, 1), ("tru", .syntax, 0), ("[nan]", .syntax, 1), ("-Infinit", .syntax, 1),
        ] as [(String, JSONError.Code, Int)])
    func errors(text: String, code: JSONError.Code, offset: Int) {
        let error = #expect(throws: JSONError.self) { try parse(text) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(Array("[\"".utf8) + bytes + Array("\"]".utf8)) }
        #expect(error?.code == .invalidUnicode)
    }

    @Test("nesting is an error past its limit, and fine up to it", arguments: [("[", "]"), ("{\"a\":", "}")])
    func depth(open: String, close: String) throws {
        func nested(_ depth: Int, _ inner: String) -> String {
            String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
        }
        for inner in ["1", "NaN"] {
            _ = try parse(nested(JSON.maximumDepth, inner))
            let error = #expect(throws: JSONError.self) { try parse(nested(JSON.maximumDepth + 1, inner)) }
            #expect(error?.code == .tooDeep)
        }
        #expect(throws: JSONError.self) { try parse(String(repeating: open, count: 200_000)) }
    }

    @Test("a slice is read from its start to its end") func slices() throws {
        let bytes = Array("xx[1,2]yy".utf8)
        #expect(try JSON.parse(bytes[2..<7]) == .list([.int(1), .int(2)]))
        let error = #expect(throws: JSONError.self) { try JSON.parse(bytes[2..<6]) }
        #expect(error?.offset == 4)
    }

    @Test("a text larger than the kept buffers is read whole, and so is the next small one") func largeText() throws {
        let item = "\"" + String(repeating: "x", count: 1000) + "\""
        let text = "[" + Array(repeating: item, count: 2000).joined(separator: ",") + "]"
        guard case .list(let items) = try parse(text) else { throw Failure("not_list", "") }
        #expect(items.count == 2000)
        #expect(items.allSatisfy { $0 == .string(String(repeating: "x", count: 1000)) })
        #expect(try parse("[1]") == .list([.int(1)]))
    }

    @Test("threads parse side by side") func threads() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<200 {
                        let text = #"{"task":\#(task),"round":[\#(round),"\#(String(repeating: "s", count: round))"]}"#
                        let expected = Value.map([
                            "task": .int(Int64(task)), "round": .list([.int(Int64(round)), .string(String(repeating: "s", count: round))]),
                        ])
                        guard try JSON.parse(Array(text.utf8)) == expected else { return false }
                    }
                    return true
                }
            }
            for try await same in group { #expect(same) }
        }
    }
}
