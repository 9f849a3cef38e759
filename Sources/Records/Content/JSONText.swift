/// One JSON text that is parsed and not decoded: its place on the tape that it shares with its batch.
///
/// Whoever makes one has checked what decoding could stumble over: every string is UTF-8, every key ASCII.
public struct JSONText: Sendable {
    private let tape: JSONTape
    private let index: Int

    init(tape: JSONTape, index: Int) {
        self.tape = tape
        self.index = index
    }

    /// The text as it was read, without white space around it.
    public var bytes: SharedBytes { tape.bytes[index] }

    /// Whether there is no line feed in it, so that it can stand in a line.
    public var isOneLine: Bool { tape.texts[index].isOneLine }

    /// The whole text as a value.
    public var value: Value { root.value }

    /// The outermost value. Its memory is the text's: it must not be used when the text is gone.
    public var root: JSONNode {
        let text = tape.texts[index]
        return JSONNode(words: tape.words + text.word, strings: tape.strings + text.string, index: 1)
    }
}
