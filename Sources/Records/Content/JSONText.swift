/// One JSON text that is parsed and not decoded: its bytes, and where its words begin on the tape that it shares with its batch.
///
/// Whoever makes one has checked what decoding could stumble over: every string is UTF-8, every key ASCII.
public struct JSONText: Sendable {
    /// The text as it was read, without white space around it.
    public let bytes: ArraySlice<UInt8>
    private let tape: JSONTape
    private let firstWord: UInt32
    private let firstString: UInt32
    /// Whether there is no line feed in it, so that it can stand in a line.
    public let isOneLine: Bool

    /// - Parameters:
    ///   - firstWord: the index of the text's root word; indices on the tape count from there.
    ///   - firstString: the index of the text's first string.
    public init(tape: JSONTape, firstWord: Int, firstString: Int, bytes: ArraySlice<UInt8>, isOneLine: Bool) {
        self.tape = tape
        self.firstWord = UInt32(firstWord)
        self.firstString = UInt32(firstString)
        self.bytes = bytes
        self.isOneLine = isOneLine
    }

    /// The whole text as a value.
    public var value: Value { root.value }

    /// The outermost value. Its memory is the text's: it must not be used when the text is gone.
    public var root: JSONNode { JSONNode(words: tape.words + Int(firstWord), strings: tape.strings + Int(firstString), index: 1) }
}
