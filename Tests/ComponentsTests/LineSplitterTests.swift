import Processors
import Records
import Testing

@testable import Components

@Suite("Lines")
struct LineSplitterTests {
    private static let text = Array("one\r\n\ntwo words\nx\r\r\nlast".utf8)
    private static let whole: [Line] = [
        line("one", 0, 5), line("two words", 6, 16), line("x\r", 16, 20), line("last", 20, 24),
    ]

    private static func line(_ text: String, _ offset: UInt64, _ end: UInt64, isTooLong: Bool = false) -> Line {
        Line(data: Array(text.utf8)[...], offset: offset, end: end, isTooLong: isTooLong)
    }

    private static func split(_ data: [UInt8], by size: Int, maxLine: Int, at offset: UInt64 = 0) -> [Line] {
        var splitter = LineSplitter(maxLine: maxLine, at: offset)
        var lines: [Line] = []
        for start in stride(from: 0, to: data.count, by: size) {
            lines += splitter.feed(Array(data[start..<min(start + size, data.count)]))
        }
        return lines + splitter.finish()
    }

    @Test("come out the same, wherever the chunks are cut", arguments: 1...24)
    func chunks(size: Int) {
        #expect(Self.split(Self.text, by: size, maxLine: 100) == Self.whole)
    }

    @Test("are cut and marked beyond the limit, wherever the chunks are cut", arguments: 1...12)
    func tooLong(size: Int) {
        let lines = Self.split(Array("abcd\nabcde\nab\r\n".utf8), by: size, maxLine: 4)
        #expect(lines == [Self.line("abcd", 0, 5), Self.line("abcd", 5, 11, isTooLong: true), Self.line("ab", 11, 15)])
    }

    @Test("may be as long as the limit beside their line end", arguments: 1...8)
    func lineEndDoesNotCount(size: Int) {
        #expect(Self.split(Array("abcd\r\n".utf8), by: size, maxLine: 4) == [Self.line("abcd", 0, 6)])
        #expect(Self.split(Array("abcd\rx\n".utf8), by: size, maxLine: 4) == [Self.line("abcd", 0, 7, isTooLong: true)])
        #expect(Self.split(Array("abcd\r\r\n".utf8), by: size, maxLine: 4) == [Self.line("abcd", 0, 7, isTooLong: true)])
    }

    @Test("count their offsets from where reading began")
    func resumed() {
        #expect(Self.split(Array("a\nb\n".utf8), by: 3, maxLine: 9, at: 100) == [Self.line("a", 100, 102), Self.line("b", 102, 104)])
    }

    @Test("do not end with the chunk")
    func partial() {
        var splitter = LineSplitter(maxLine: 9)
        #expect(splitter.feed(Array("ab".utf8)).isEmpty)
        #expect(Array(splitter.feed(Array("c\n".utf8))) == [Self.line("abc", 0, 4)])
        #expect(splitter.finish().isEmpty)
    }
}

@Suite("A line's records")
struct LineDecoderTests {
    private func items(_ text: String, _ processor: ProcessorSpec, isTooLong: Bool = false) -> [ReadItem] {
        let bytes = Array(text.utf8)
        var lines = Lines()
        lines.append(bytes.indices, of: bytes, offset: 7, end: 20, isTooLong: isTooLong)
        let decoder = LineDecoder(source: "in", processor: processor)
        return decoder.items(of: lines, from: ReadPlace(source: "in", file: "f")).items
    }

    private let end = Position.sequence(SequenceNumber(20), subSequence: nil)

    @Test("stand at the line's end, and tell where it began")
    func position() throws {
        let item = try #require(items("[1]", .json).first)
        #expect(item.position == end)
        #expect(item.record.origin.offset == 7)
        #expect(item.record.value == .list([.int(1)]))
        #expect(item.record.origin.raw == Array("[1]".utf8)[...])
    }

    @Test("are a failure with the line's bytes where it cannot be decoded")
    func undecodable() throws {
        let item = try #require(items("{oops", .json).first)
        #expect(item.failure?.code == "invalid_json")
        #expect(item.position == end)
        #expect(item.record.origin.raw == Array("{oops".utf8)[...])
    }

    @Test("are a failure that names the option where it is too long")
    func tooLong() throws {
        let item = try #require(items("abc", .string, isTooLong: true).first)
        #expect(item.failure?.code == "line_too_long")
        #expect(item.failure?.hint?.contains("max_line") == true)
    }

    @Test("name each line's own place, also behind one that fails")
    func several() throws {
        var splitter = LineSplitter(maxLine: 10, at: 100)
        let lines = splitter.feed(Array("[1]\n{oops\n\n[2]\nfar too long a line\n[3]\n".utf8))
        let items = LineDecoder(source: "in", processor: .json).items(of: lines, from: ReadPlace(source: "in", file: "f")).items
        #expect(items.map { $0.failure?.code } == [nil, "invalid_json", nil, "line_too_long", nil])
        #expect(items.map(\.record.origin.offset) == [100, 104, 111, 115, 135])
        #expect(items.map { $0.position?.description } == ["104", "110", "115", "135", "139"])
        #expect(items.map { String(decoding: $0.record.origin.raw, as: UTF8.self) } == ["[1]", "{oops", "[2]", "far too lo", "[3]"])
        #expect(items.map(\.record.value.typeName) == ["list", "null", "list", "null", "list"])
    }
}
