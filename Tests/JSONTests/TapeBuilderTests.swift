import OrderedCollections
import Records
import Testing

@testable import JSON

@Suite struct TapeBuilderTests {
    private func content(of text: String) throws -> Content {
        let bytes = Array(text.utf8)
        var builder = TapeBuilder()
        try builder.add(bytes[...])
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
            try builder.add(framed[1...bytes.count])
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
        #expect(String(decoding: text.bytes, as: UTF8.self) == "{\"a\":  1e2, \"a\": 1.0}")
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
        try builder.add(bytes[0..<1])
        try builder.add(bytes[2..<5])
        builder.removeLast(leaving: 1)
        try builder.add(bytes[6...])
        #expect(builder.count == 2)
        #expect(builder.finish().map(\.value) == [.int(1), .map(["three": .int(3)])])
    }
}
