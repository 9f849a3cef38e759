import OrderedCollections
import Processors
import Records
import Testing

@Suite struct SerializationTests {
    private func spec(_ name: String) throws -> ProcessorSpec { try #require(ProcessorSpec.builtIn(named: name)) }

    @Test(
        "string writes scalars as Python's str()",
        arguments: [
            (.string("é"), "é"), (.null, "None"), (.bool(true), "True"), (.bool(false), "False"), (.int(-5), "-5"), (.double(1), "1.0"),
            (.double(1e22), "1e+22"), (.double(.nan), "nan"), (.double(-.infinity), "-inf"), (.bytes([0x61]), "a"),
        ] as [(Value, String)])
    func strings(value: Value, text: String) throws {
        #expect(try spec("string").serialize(value) == ascii(text))
    }

    @Test(
        "what a serializer has no form for is refused",
        arguments: [
            ("string", .map([:])), ("string", .list([])), ("string", .ext(type: 0, data: [])), ("string", .bytes([0xFF])), ("raw", .int(1)),
            ("raw", .map([:])), ("json", .bytes([])), ("msgpack", .bigInteger(BigInteger("18446744073709551616")!)),
            ("msgpack", .bigInteger(BigInteger("-9223372036854775809")!)),
        ] as [(String, Value)])
    func refused(name: String, value: Value) throws {
        let error = try #require(throws: ProcessorError.self) { try spec(name).serialize(value) }
        #expect(error.code == .notSerializable)
    }

    @Test("json names the path of what it cannot write") func path() throws {
        let error = try #require(throws: ProcessorError.self) { try spec("json").serialize(.map(["a": .list([.bytes([1])])])) }
        #expect(error.description.contains(".a[0]"))
    }

    @Test(
        "a record's data is read into its items",
        arguments: [
            ("json", "{\"a\": 1}", [.map(["a": .int(1)])]), ("json_lines", "1\n\n2\n", [.int(1), .int(2)]),
            ("json_lines", "1\n2", [.int(1), .int(2)]),
            ("json_lines", "", []), ("json_list", "[1, 2]", [.list([.int(1), .int(2)])]), ("string", "é\n", [.string("é\n")]),
            ("string", "", [.string("")]), ("raw", "\n", [.bytes([10])]), ("kpl_json", "1", [.int(1)]),
        ] as [(String, String, [Value])])
    func decoding(name: String, text: String, values: [Value]) throws {
        #expect(try spec(name).decode(ascii(text)) == values)
    }

    @Test("netstrings of MessagePack are read") func netstrings() throws {
        #expect(
            try spec("msgpack").decode(ascii("7:") + [0x81, 0xA4] + ascii("test{,1:") + [0xC0] + ascii(",")) == [
                .map(["test": .int(0x7B)]), .null,
            ])
    }

    @Test(
        "a broken row of netstrings is refused at its byte",
        arguments: [
            ("", 0), ("x", 0), ("1", 1), ("1:", 0), ("1:\u{1}", 0), ("1:\u{1};", 3), ("01:\u{1},", 0), (":", 0), ("1:\u{1},2:\u{1},", 4),
            ("-1:,", 0), ("99999999999999999999:\u{1},", 0), ("1:\u{1},\n", 4), ("+1:\u{1},", 0),
        ])
    func brokenNetstrings(text: String, offset: Int) throws {
        let error = try #require(throws: ProcessorError.self) { try spec("msgpack").decode(ascii(text)) }
        #expect(error.code == .invalidNetstring)
        #expect(error.offset == offset)
    }

    @Test("an error inside a frame has its offset in the record's data") func offsets() throws {
        let json = try #require(throws: ProcessorError.self) { try spec("json_lines").decode(ascii("{}\n{\"a\":x}\n")) }
        #expect(json.code == .invalidJSON)
        #expect(json.offset == 8)
        let msgpack = try #require(throws: ProcessorError.self) {
            try spec("msgpack").decode(ascii("1:\u{1},2:") + [0x92, 0x01] + ascii(","))
        }
        #expect(msgpack.code == .invalidMessagePack)
        #expect(msgpack.offset == 6)
        let text = try #require(throws: ProcessorError.self) { try spec("string").decode(ascii("aé") + [0xE9, 0x62]) }
        #expect(text.code == .invalidUTF8)
        #expect(text.offset == 3)
    }
}

@Suite("Items that are not decoded") struct ContentReaderTests {
    private func contents(_ processor: ProcessorSpec, _ data: String) throws -> Contents {
        var reader = ContentReader(processor)
        _ = try reader.read(SharedBytes(Array(data.utf8)))
        return reader.finish()
    }

    @Test("an unchanged item is written as it was read")
    func unchanged() throws {
        let item = try contents(.jsonLines, "{\"a\":1e2}\r\n[]\n")
        #expect(try item.map { String(decoding: try ProcessorSpec.json.payload(of: $0), as: UTF8.self) } == ["{\"a\":1e2}", "[]"])
    }

    @Test("an item that spans lines is put on one")
    func lines() throws {
        let item = try contents(.json, "{\"a\":\n1e2}")[0]
        #expect(String(decoding: try ProcessorSpec.jsonLines.payload(of: item), as: UTF8.self) == "{\"a\": 100.0}")
    }

    @Test("another serializer writes the value")
    func otherSerializer() throws {
        let messagePack = try #require(ProcessorSpec.builtIn(named: "msgpack"))
        #expect(try messagePack.payload(of: contents(.json, "[1]")[0]) == [0x91, 1])
    }

    @Test(
        "JSON becomes the MessagePack that its value becomes",
        arguments: [
            "null", "true", "false", "0", "127", "128", "255", "256", "65536", "4294967296", "9223372036854775808", "-1", "-32", "-33",
            "-129", "-32769", "-2147483649", "1.5", "1e300", "\"\"", "\"text\"", "\"gr\\u00fc\\u00df \\ud83d\\ude00\"", "[]", "{}",
            "[1,[2,[3,{}]]]", "{\"a\":{\"b\":[null,true]},\"c\":\"d\"}", "{\"a\":1,\"b\":2,\"a\":3}", "{\"\":1}", "{\"\":1,\"\":2}",
        ])
    func messagePackOfJSON(text: String) throws {
        let messagePack = try ProcessorSpec("own", aggregator: .simple, serializer: .msgpack)
        let content = try contents(.json, text)[0]
        guard case .json = content else { throw Failure("decoded", "the text was decoded when it was read") }
        #expect(Array(try messagePack.payload(of: content)) == (try messagePack.serialize(content.value)))
    }

    @Test("long and random JSON too")
    func messagePackOfRandomJSON() throws {
        let messagePack = try ProcessorSpec("own", aggregator: .simple, serializer: .msgpack)
        var texts = ["[\((0..<70_000).map(String.init).joined(separator: ","))]"]
        texts.append("{\((0..<100).map { "\"k\($0)\":\($0)" }.joined(separator: ","))}")
        texts.append("\"\(String(repeating: "x", count: 70_000))\"")
        var random = SplitMix64(seed: 5)
        for _ in 0..<200 {
            let value = Value.random(depth: 4, &random, binary: false)
            texts.append(String(decoding: try ProcessorSpec.json.serialize(value), as: UTF8.self))
        }
        for text in texts {
            let content = try contents(.json, text)[0]
            #expect(Array(try messagePack.payload(of: content)) == (try messagePack.serialize(content.value)))
        }
    }

    @Test("JSON that is nested deeper than MessagePack may be is refused")
    func deepJSON() throws {
        let messagePack = try ProcessorSpec("own", aggregator: .simple, serializer: .msgpack)
        let deep = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(try messagePack.payload(of: contents(.json, deep(512))[0]).count == 512)
        #expect(throws: ProcessorError.self) { try messagePack.payload(of: contents(.json, deep(513))[0]) }
    }

    @Test("a record that fails in its last item adds none")
    func failure() throws {
        var reader = ContentReader(.jsonLines)
        #expect(try reader.read(SharedBytes(Array("1\n2".utf8))) == 2)
        let error = #expect(throws: ProcessorError.self) { try reader.read(SharedBytes(Array("3\n{".utf8))) }
        #expect(error?.code == .invalidJSON)
        let inside = #expect(throws: ProcessorError.self) { try reader.read(SharedBytes(2..<5, of: Array("9\n1 x".utf8))) }
        #expect(inside?.offset == 2)
        #expect(try reader.read(SharedBytes(Array("4".utf8))) == 1)
        #expect(reader.finish().map(\.value) == [.int(1), .int(2), .int(4)])
    }
}

extension ProcessorSpec {
    /// The bytes of a record's content, whether they have to be written or not.
    fileprivate func payload(of content: Content) throws(ProcessorError) -> ArraySlice<UInt8> {
        if let ready = readyPayload(of: content) { return ready.slice }
        var written: [UInt8] = []
        try serialize(content, into: &written)
        return written[...]
    }
}
