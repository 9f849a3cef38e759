/// Parsed JSON texts, those of one batch beside each other, as simdjson leaves them (simdjson, doc/tape.md): 64-bit words with the
/// type's letter in the top byte, and unescaped strings, each behind its 32-bit length.
public final class JSONTape: @unchecked Sendable {  // Nothing is written after `init`.
    let words: UnsafeMutablePointer<UInt64>
    let strings: UnsafeMutablePointer<UInt8>

    /// A tape of these words and strings.
    public init(words: [UInt64], strings: [UInt8]) {
        self.words = .allocate(capacity: words.count)
        self.strings = .allocate(capacity: strings.count)
        words.withUnsafeBufferPointer { if let start = $0.baseAddress { self.words.initialize(from: start, count: $0.count) } }
        strings.withUnsafeBufferPointer { if let start = $0.baseAddress { self.strings.initialize(from: start, count: $0.count) } }
    }

    deinit {
        words.deallocate()
        strings.deallocate()
    }
}
