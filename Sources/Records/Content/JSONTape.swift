/// Parsed JSON texts, those of one batch beside each other, as simdjson leaves them (simdjson, doc/tape.md): 64-bit words with the
/// type's letter in the top byte, and unescaped strings, each behind its 32-bit length.
///
/// Texts that refer to it are not to be read before the last one was added: its memory moves when it grows.
public final class JSONTape: @unchecked Sendable {  // Written by its builder alone, and never once its texts are handed out.
    /// What is known of one text.
    struct Text {
        /// The indices of its first word and string; those in its words count from there.
        let word: Int
        let string: Int
        let bytes: ArraySlice<UInt8>
        let isOneLine: Bool
    }

    // Nobody else is there while its builder writes: checking that for every text would cost a tenth of reading it.
    @exclusivity(unchecked) private(set) var texts: [Text] = []
    @exclusivity(unchecked) private(set) var words: UnsafeMutablePointer<UInt64>
    @exclusivity(unchecked) private(set) var strings: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var wordCount = 0
    @exclusivity(unchecked) private var wordCapacity = 512
    @exclusivity(unchecked) private var stringCount = 0
    @exclusivity(unchecked) private var stringCapacity = 4_096

    /// A tape without texts.
    ///
    /// - Parameter textBytes: what all texts are expected to come to: a tape that fits from the beginning is not copied while it grows.
    public init(textBytes: Int = 0) {
        // Strings take a little more than their text, whose rest is words.
        stringCapacity = max(stringCapacity, textBytes + textBytes / 8)
        wordCapacity = max(wordCapacity, textBytes / 32)
        words = .allocate(capacity: wordCapacity)
        strings = .allocate(capacity: stringCapacity)
    }

    deinit {
        words.deallocate()
        strings.deallocate()
    }

    /// Adds a text by its words and strings.
    ///
    /// - Parameters:
    ///   - bytes: the text as it was read, without white space around it.
    ///   - isOneLine: whether there is no line feed in it.
    public func append(
        words newWords: UnsafeBufferPointer<UInt64>, strings newStrings: UnsafeBufferPointer<UInt8>, bytes: ArraySlice<UInt8>,
        isOneLine: Bool
    ) -> JSONText {
        texts.append(Text(word: wordCount, string: stringCount, bytes: bytes, isOneLine: isOneLine))
        Self.reserve(&words, &wordCapacity, filled: wordCount, for: newWords.count)
        Self.reserve(&strings, &stringCapacity, filled: stringCount, for: newStrings.count)
        if let start = newWords.baseAddress { (words + wordCount).initialize(from: start, count: newWords.count) }
        if let start = newStrings.baseAddress { (strings + stringCount).initialize(from: start, count: newStrings.count) }
        wordCount += newWords.count
        stringCount += newStrings.count
        return JSONText(tape: self, index: texts.count - 1)
    }

    private static func reserve<Element: BitwiseCopyable>(
        _ memory: inout UnsafeMutablePointer<Element>, _ capacity: inout Int, filled: Int, for count: Int
    ) {
        guard filled + count > capacity else { return }
        capacity = max(filled + count, capacity * 2)
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        larger.initialize(from: memory, count: filled)
        memory.deallocate()
        memory = larger
    }
}
