import Records

/// A line that is not empty, or the beginning of one that is too long.
struct Line: Equatable, Sendable {
    /// Without its line end.
    var data: ArraySlice<UInt8>
    /// Of its first byte.
    var offset: UInt64
    /// Of the byte behind its line end.
    var end: UInt64
    /// It was longer than allowed; `data` is only its beginning.
    var isTooLong = false
}

/// Lines in their order, most of which lie in the chunk that was read.
struct Lines: Sendable, RandomAccessCollection {
    /// Bytes to be read at once: what the lines of a chunk become on their way into the sinks' queues stays in the processor's cache.
    static let chunkSize = 64 << 10

    private(set) var data = ByteSlices()
    private(set) var offsets: [UInt64] = []
    private(set) var ends: [UInt64] = []
    /// By their indices: there are seldom any.
    private var tooLong: Set<Int> = []

    var startIndex: Int { 0 }
    var endIndex: Int { ends.count }

    subscript(index: Int) -> Line {
        Line(data: data[index].slice, offset: offsets[index], end: ends[index], isTooLong: isTooLong(index))
    }

    func isTooLong(_ index: Int) -> Bool { tooLong.contains(index) }

    /// What they come to without their line ends.
    var bytes: Int { indices.reduce(0) { $0 + data.count(at: $1) } }

    mutating func reserveCapacity(_ count: Int) {
        data.reserveCapacity(count)
        offsets.reserveCapacity(count)
        ends.reserveCapacity(count)
    }

    mutating func append(_ range: Range<Int>, of array: [UInt8], offset: UInt64, end: UInt64, isTooLong: Bool = false) {
        if isTooLong { tooLong.insert(count) }
        data.append(range, of: array)
        offsets.append(offset)
        ends.append(end)
    }
}
