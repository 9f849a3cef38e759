/// Runs of bytes, most of which lie in the same few arrays: an array counts one reference, and a run none.
public struct ByteSlices: Sendable {
    private struct Run {
        /// An index of `arrays`; `inOwn` for the bytes that were written.
        let array: Int
        let range: Range<Int>
    }

    private static let inOwn = -1

    private var arrays: [[UInt8]] = []
    private var own: [UInt8] = []
    private var runs: [Run] = []

    /// None.
    public init() {}

    /// How many runs there are.
    public var count: Int { runs.count }

    /// Makes room for so many more runs.
    public mutating func reserveCapacity(_ count: Int) { runs.reserveCapacity(runs.count + count) }

    /// Makes room for so many bytes that are to be written.
    public mutating func reserveBytes(_ count: Int) { own.reserveCapacity(count) }

    /// The bytes that were written.
    public var writtenBytes: Int { own.count }

    /// Adds bytes of an array, which is shared.
    public mutating func append(_ range: Range<Int>, of array: [UInt8]) {
        if arrays.isEmpty || !Self.isSame(arrays[arrays.count - 1], array) { arrays.append(array) }
        runs.append(Run(array: arrays.count - 1, range: range))
    }

    /// Adds bytes, whose array is shared.
    public mutating func append(_ bytes: SharedBytes) { append(bytes.range, of: bytes.array) }

    /// Adds the bytes that `write` appends. Where it throws, nothing is added.
    public mutating func append<Failure: Error>(writing write: (inout [UInt8]) throws(Failure) -> Void) throws(Failure) {
        let start = own.count
        do throws(Failure) {
            try write(&own)
        } catch {
            own.removeLast(own.count - start)
            throw error
        }
        runs.append(Run(array: Self.inOwn, range: start..<own.count))
    }

    /// Takes the last runs back.
    public mutating func removeLast(_ count: Int) { runs.removeLast(count) }

    /// One run. While somebody keeps bytes that were written, writing more copies all of them.
    public subscript(index: Int) -> SharedBytes {
        let run = runs[index]
        return SharedBytes(run.range, of: run.array == Self.inOwn ? own : arrays[run.array])
    }

    /// The bytes of one run.
    public func count(at index: Int) -> Int { runs[index].range.count }

    /// Lends the bytes of each run with its index, in their order.
    func forEach(_ body: (Int, UnsafeRawBufferPointer) -> Void) {
        var index = 0
        while index < runs.count {
            let array = runs[index].array
            (array == Self.inOwn ? own : arrays[array]).withUnsafeBytes { bytes in
                // The others in this array with the first: it is looked up, and counted, once.
                repeat {
                    body(index, UnsafeRawBufferPointer(rebasing: bytes[runs[index].range]))
                    index += 1
                } while index < runs.count && runs[index].array == array
            }
        }
    }

    /// The same memory, and not only the same bytes.
    private static func isSame(_ left: borrowing [UInt8], _ right: borrowing [UInt8]) -> Bool {
        left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { left.baseAddress == $0.baseAddress } }
    }
}
