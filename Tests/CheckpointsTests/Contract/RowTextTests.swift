import Coordination
import Records
import Testing

@testable import Checkpoints

@Suite("Rows as text")
struct RowTextTests {
    @Test("positions of every kind survive", arguments: FencingTests.ascending)
    func positions(_ position: Position) {
        #expect(PositionText(position).position == position)
    }

    @Test(
        "what was never written is not read",
        arguments: [
            ("", ""), ("LATEST", ""), ("TRIM_HORIZON", "1"), ("SHARD_END", "0"), ("AT_TIMESTAMP", ""), ("AT_TIMESTAMP", "noon"),
            ("007", ""),
            ("7", "x"), ("-7", ""), (String(repeating: "1", count: 130), ""),
        ])
    func garbage(_ word: String, _ sub: String) {
        #expect(PositionText(word: word, sub: sub).position == nil)
    }

    @Test("parents survive commas and percent signs", arguments: [[], ["a"], ["a", "b"], ["a,b", "%2C", "%", "100%zz"]])
    func parents(_ parents: [String]) {
        #expect(ParentsText.parents(ParentsText.text(parents)) == parents)
    }

    @Test("hash ranges survive", arguments: [nil, .all, HashRange(start: 0, end: 0), HashRange(start: 1 << 127, end: (1 << 127) + 1)])
    func hashRanges(_ range: HashRange?) {
        let texts = HashRangeText.texts(range)
        #expect(HashRangeText.range(start: texts.start, end: texts.end) == range)
    }
}
