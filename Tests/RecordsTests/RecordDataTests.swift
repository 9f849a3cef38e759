import Records
import Testing

@Suite("The data of a Kinesis record")
struct RecordDataTests {
    private func data(_ frame: RecordData.Frame, _ items: [String]) -> RecordData {
        var data = RecordData(frame)
        // Slices of something larger, as lines of a file are.
        let all = Array(items.joined(separator: "|").utf8)
        var start = 0
        for item in items {
            data.append(SharedBytes(start..<start + item.utf8.count, of: all))
            start += item.utf8.count + 1
        }
        return data
    }

    static let frames: [(RecordData.Frame, [String], String)] = [
        (.none, ["ab"], "ab"), (.none, [], ""), (.lines, ["a", "", "bc"], "a\n\nbc\n"),
        (.netstrings, ["", "a", "0123456789"], "0:,1:a,10:0123456789,"), (.list, [], "[]"), (.list, ["1"], "[1]"),
        (.list, ["1", "[2]", "3"], "[1, [2], 3]"),
    ]

    @Test("is its items with what stands around them, and knows its size before it is laid out", arguments: frames)
    func layout(frame: RecordData.Frame, items: [String], text: String) {
        let data = data(frame, items)
        #expect(String(decoding: data.bytes, as: UTF8.self) == text)
        #expect(data.count == text.utf8.count)
        #expect(data.isEmpty == items.isEmpty)
    }

    @Test("has the lengths of netstrings of every number of digits", arguments: [9, 10, 99, 100, 999, 1000, 99_999, 100_000])
    func lengths(_ count: Int) {
        let item = [UInt8](repeating: 7, count: count)
        var data = RecordData(.netstrings)
        data.append(SharedBytes(item))
        #expect(data.bytes == Array("\(count):".utf8) + item + Array(",".utf8))
        #expect(data.count == data.bytes.count)
    }

    @Test("fills a small room again and again", arguments: [1, 2, 3, 7, 8, 100])
    func fillings(size: Int) {
        let data = data(.netstrings, ["", "abc", "0123456789", "z"])
        var room = [UInt8](repeating: 0, count: size)
        var fillings: [[UInt8]] = []
        room.withUnsafeMutableBytes { room in data.forEachFilling(of: room) { fillings.append(Array($0)) } }
        #expect(fillings.flatMap { $0 } == data.bytes)
        #expect(fillings.dropLast().allSatisfy { $0.count == size })
    }

    @Test("is the same where the bytes are, however they are framed, and can be laid out among others")
    func equality() {
        #expect(data(.lines, ["a", "b"]) == RecordData("a\nb\n".utf8))
        #expect(data(.lines, ["a", "b"]).hashValue == RecordData("a\nb\n".utf8).hashValue)
        #expect(data(.lines, ["a"]) != data(.none, ["a"]))
        var bytes = Array("xxxxxx".utf8)
        bytes.withUnsafeMutableBytes { data(.lines, ["a", "b"]).copy(to: UnsafeMutableRawBufferPointer(rebasing: $0[1...])) }
        #expect(bytes == Array("xa\nb\nx".utf8))
        #expect(RecordData([1, 2]).bytes == [1, 2])
    }
}
