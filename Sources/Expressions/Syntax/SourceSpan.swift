/// A part of an expression's text, in UTF-8 bytes.
struct SourceSpan: Sendable, Hashable {
    var offset: Int
    var length: Int

    init(offset: Int, length: Int) {
        self.offset = offset
        self.length = length
    }

    init(_ start: Int, to end: Int) {
        self.init(offset: start, length: max(0, end - start))
    }

    var end: Int { offset + length }

    func through(_ other: SourceSpan) -> SourceSpan { SourceSpan(offset, to: other.end) }
}
