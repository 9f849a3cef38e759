import OrderedCollections
import Records
import Testing

@testable import JSON

@Suite struct TapeBuilderTests {
    private func content(of text: String) throws -> Content {
        let bytes = Array(text.utf8)
        var builder = TapeBuilder()
        try builder.add(bytes.indices, of: bytes)
        return builder.finish()[0]
    }

    private func undecoded(_ content: Content) -> JSONText? {
        if case .json(let text) = content { text } else { nil }
    }

    @Test("random values are the same decoded late as decoded at once", arguments: [11, 12, 13] as [UInt64])
    func decoding(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var builder = TapeBuilder()
        var values: [Value] = []
        for index in 0..<300 {
            let value = Value.random(depth: 4, &random)
            let bytes = try JSON.bytes(value, style: index % 2 == 0 ? .python : .compact)
            let framed: [UInt8] = [0x23] + bytes + [0x23]
            try builder.add(1..<bytes.count + 1, of: framed)
            values.append(value)
        }
        let contents = builder.finish()
        #expect(contents.map(\.value) == values, "seed \(seed)")
        #expect(contents.map(\.typeName) == values.map(\.typeName))
    }

    @Test("a text keeps its bytes, without the white space around it")
    func bytes() throws {
        let content = try content(of: " \t{\"a\":  1e2, \"a\": 1.0}\r\n")
        let text = try #require(undecoded(content))
        #expect(String(decoding: text.bytes.slice, as: UTF8.self) == "{\"a\":  1e2, \"a\": 1.0}")
        #expect(text.isOneLine)
        #expect(text.value == .map(["a": .double(1)]))
    }

    @Test("a text that spans lines says so")
    func lines() throws {
        #expect(try undecoded(content(of: "[1,\n2]"))?.isOneLine == false)
        #expect(try undecoded(content(of: "[\"\\n\"]"))?.isOneLine == true)
    }

    @Test(
        "what could not be looked at later is decoded at once",
        arguments: ["[NaN]", "123456789012345678901234567890", "{\"größe\": 1}", "{\"\\u00e9\": 1}"])
    func decodedAtOnce(source: String) throws {
        let content = try content(of: source)
        #expect(undecoded(content) == nil)
        // NaN equals nothing, itself included.
        #expect("\(content.value)" == "\(try JSON.parse(Array(source.utf8)))")
    }

    @Test(
        "what is no JSON is refused at once",
        arguments: [
            ("", JSONError.Code.empty), ("{", .syntax), ("[1] 2", .trailingContent), ("[\"\\ud800\"]", .invalidUnicode),
            ("{\"\\udc00\": 1}", .invalidUnicode), ("{\"\u{E9}\": 1, \"e\u{301}\": 2}", .equivalentKeys),
            ("{\"a\": {\"\u{E9}\": 1, \"e\u{301}\": 2}}", .equivalentKeys),
        ])
    func refusal(source: String, code: JSONError.Code) {
        let error = #expect(throws: JSONError.self) { try content(of: source) }
        #expect(error?.code == code)
    }

    @Test("texts that are taken back leave the others")
    func removal() throws {
        var builder = TapeBuilder()
        let bytes = Array("1 [2] {\"three\": 3}".utf8)
        try builder.add(0..<1, of: bytes)
        try builder.add(2..<5, of: bytes)
        builder.removeLast(leaving: 1)
        try builder.add(6..<bytes.count, of: bytes)
        #expect(builder.count == 2)
        #expect(builder.finish().map(\.value) == [.int(1), .map(["three": .int(3)])])
    }

    @Test(
        "a text ends where it ends, whatever stands behind it",
        arguments: ["12", "-1.5", "true", "null", "\"a\"", "[1]", "{}", "1e", "tru", "[1"])
    func end(text: String) throws {
        let rest = "3e5u]x\" ".utf8
        for length in [0, 1, 63, 64, 65, 200] {
            let bytes = Array(text.utf8) + (0..<length).map { rest[rest.index(rest.startIndex, offsetBy: $0 % rest.count)] }
            var builder = TapeBuilder()
            let value = try? JSON.parse(Array(text.utf8))
            if let value {
                try builder.add(0..<text.utf8.count, of: bytes)
                #expect(builder.finish()[0].value == value, "\(length) behind it")
            } else {
                #expect(throws: JSONError.self, "\(length) behind it") { try builder.add(0..<text.utf8.count, of: bytes) }
            }
        }
    }

    @Test("texts that are decoded at once, and values beside them, stand between the others")
    func mixed() throws {
        var builder = TapeBuilder()
        let bytes = Array("[1] [NaN] [2] {".utf8)
        try builder.add(0..<3, of: bytes)
        try builder.add(4..<9, of: bytes)
        try builder.add(10..<13, of: bytes)
        #expect(throws: JSONError.self) { try builder.add(14..<15, of: bytes) }
        builder.add(.null)
        #expect(builder.count == 4)
        let contents = builder.finish()
        #expect(contents.map { undecoded($0) != nil } == [true, false, true, false])
        #expect(contents.map(\.typeName) == ["list", "list", "list", "null"])
        #expect(contents[2].value == .list([.int(2)]))
    }
}
