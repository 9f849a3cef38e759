import Testing

@testable import Records

@Suite("Runs of bytes")
struct ByteSlicesTests {
    private func texts(_ slices: ByteSlices) -> [String] {
        (0..<slices.count).map { String(decoding: slices[$0].slice, as: UTF8.self) }
    }

    @Test("of several arrays, and of their own, come back in their order")
    func order() {
        let (one, two) = (Array("one line".utf8), Array("two".utf8))
        var slices = ByteSlices()
        slices.append(0..<3, of: one)
        slices.append(4..<8, of: one)
        slices.append(SharedBytes(two))
        slices.append { $0 += "own".utf8 }
        slices.append(0..<0, of: [])
        slices.append(0..<1, of: one)
        slices.append { $0 += "more".utf8 }
        #expect(texts(slices) == ["one", "line", "two", "own", "", "o", "more"])
        #expect((0..<slices.count).map(slices.count(at:)) == [3, 4, 3, 3, 0, 1, 4])
        #expect(slices.writtenBytes == 7)
        slices.removeLast(5)
        #expect(texts(slices) == ["one", "line"])
    }

    @Test("that are kept are not touched by what is written later")
    func kept() {
        var slices = ByteSlices()
        slices.append { $0 += "first".utf8 }
        let first = slices[0]
        slices.append { $0 += "second".utf8 }
        #expect(Array(first.slice) == Array("first".utf8))
        #expect(texts(slices) == ["first", "second"])
    }

    @Test("that cannot be written leave nothing behind")
    func failure() {
        struct Refusal: Error {}
        var slices = ByteSlices()
        slices.append { $0 += "a".utf8 }
        #expect(throws: Refusal.self) {
            try slices.append { (bytes) throws(Refusal) in
                bytes += "half".utf8
                throw Refusal()
            }
        }
        slices.append { $0 += "b".utf8 }
        #expect(texts(slices) == ["a", "b"])
    }
}
