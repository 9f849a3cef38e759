extension String {
    /// The text as far as a message quotes it.
    var excerpt: String {
        let limit = 60
        // Counting all of it would take as long as it is.
        return utf8.count > limit ? "\(unicodeScalars.prefix(limit).reduce(into: "") { $0.unicodeScalars.append($1) })…" : self
    }

    /// Equality by code points, as CEL has it: Swift's `==` also holds between a composed and a decomposed letter.
    func hasSameScalars(as other: String) -> Bool {
        utf8.count == other.utf8.count && (self == other) && (utf8.elementsEqual(other.utf8))
    }

    /// Order by code points, which for UTF-8 is the order of the bytes.
    func scalarsPrecede(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// Whether the UTF-8 of `part` is inside of this one's.
    func containsBytes(of part: String) -> Bool {
        withBytes { bytes in part.withBytes { firstOffset(of: $0, in: bytes) != nil } }
    }

    private func withBytes<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
        utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
    }
}
