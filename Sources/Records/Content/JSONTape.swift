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
        let isOneLine: Bool
    }

    // Nobody else is there while its builder writes: checking that for every text would cost a tenth of reading it.
    @exclusivity(unchecked) private(set) var texts: [Text] = []
    /// As they were read.
    @exclusivity(unchecked) private(set) var bytes = ByteSlices()
    @exclusivity(unchecked) private(set) var words: UnsafeMutablePointer<UInt64>
    @exclusivity(unchecked) private(set) var strings: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var wordCount = 0
    @exclusivity(unchecked) private var wordCapacity = 512
    @exclusivity(unchecked) private var stringCount = 0
    @exclusivity(unchecked) private var stringCapacity = 4_096

    /// A tape without texts. One that fits what comes from the beginning is not copied while it grows.
    ///
    /// - Parameters:
    ///   - count: how many texts are expected.
    ///   - textBytes: what they are expected to come to.
    public init(texts count: Int = 0, textBytes: Int = 0) {
        texts.reserveCapacity(count)
        bytes.reserveCapacity(count)
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

    /// How many texts there are.
    public var count: Int { texts.count }

    /// One of them.
    public subscript(index: Int) -> JSONText { JSONText(tape: self, index: index) }

    /// Takes the last texts back; not what they filled.
    public func removeLast(_ count: Int) {
        texts.removeLast(count)
        bytes.removeLast(count)
    }

    /// Adds a text by its words and strings.
    ///
    /// - Parameters:
    ///   - range: where in `array` the text is as it was read, without white space around it.
    ///   - isOneLine: whether there is no line feed in it.
    public func append(
        words newWords: UnsafeBufferPointer<UInt64>, strings newStrings: UnsafeBufferPointer<UInt8>, range: Range<Int>, of array: [UInt8],
        isOneLine: Bool
    ) {
        texts.append(Text(word: wordCount, string: stringCount, isOneLine: isOneLine))
        bytes.append(range, of: array)
        Self.reserve(&words, &wordCapacity, filled: wordCount, for: newWords.count)
        Self.reserve(&strings, &stringCapacity, filled: stringCount, for: newStrings.count)
        if let start = newWords.baseAddress { (words + wordCount).initialize(from: start, count: newWords.count) }
        if let start = newStrings.baseAddress { (strings + stringCount).initialize(from: start, count: newStrings.count) }
        wordCount += newWords.count
        stringCount += newStrings.count
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
