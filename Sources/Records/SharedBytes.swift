/// Bytes in an array that others have as well: what was read at once, or written behind each other.
///
/// In contrast to an `ArraySlice`, they tell which array that is, so that many of one array can count one reference together
/// (`ByteSlices`).
public struct SharedBytes: Sendable {
    /// Where they lie.
    public let array: [UInt8]
    /// Their indices in it.
    public let range: Range<Int>

    /// These of the array.
    public init(_ range: Range<Int>, of array: [UInt8]) {
        self.array = array
        self.range = range
    }

    /// All of it.
    public init(_ array: [UInt8]) {
        self.init(array.indices, of: array)
    }

    /// How many there are.
    public var count: Int { range.count }

    /// With the indices of the array.
    public var slice: ArraySlice<UInt8> { array[range] }

    /// How many bytes there are before the first one like this; nil where there is none.
    public func offset(of byte: UInt8) -> Int? {
        slice.firstIndex(of: byte, from: range.lowerBound).map { $0 - range.lowerBound }
    }
}
