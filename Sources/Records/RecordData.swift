/// The data of a Kinesis record as the items that it is made of, which lie where they were read or written: they are laid out one behind the
/// other when a request is written, and never before.
public struct RecordData: Sendable {
    /// What stands around the items.
    public enum Frame: Sendable {
        /// Nothing.
        case none
        /// Behind each item a line feed.
        case lines
        /// Each as `LENGTH:ITEM,` (D. J. Bernstein, "Netstrings", 1997).
        case netstrings
        /// All as one JSON array, separated as Python's `json.dumps` does.
        case list
    }

    private let frame: Frame
    private var items = ByteSlices()
    /// The bytes, laid out.
    public private(set) var count: Int

    /// No items yet.
    public init(_ frame: Frame) {
        self.frame = frame
        count = frame == .list ? 2 : 0
    }

    /// These bytes.
    public init(_ bytes: some Sequence<UInt8>) {
        self.init(.none)
        append(SharedBytes(Array(bytes)))
    }

    /// Whether there are no items.
    public var isEmpty: Bool { items.count == 0 }

    /// What an item of so many bytes adds to `count`.
    public func size(ofItem bytes: Int) -> Int {
        switch frame {
        case .none: bytes
        case .lines: bytes + 1
        case .netstrings: bytes + bytes.decimalDigits + 2
        case .list: bytes + (isEmpty ? 0 : 2)
        }
    }

    /// Adds an item, whose memory is shared.
    public mutating func append(_ item: SharedBytes) {
        count += size(ofItem: item.count)
        items.append(item)
    }

    /// Lays all bytes out at the beginning of `output`, which is not smaller than `count`.
    public func copy(to output: UnsafeMutableRawBufferPointer) {
        precondition(output.count >= count, "There is no room for \(count) bytes.")
        guard var next = output.baseAddress else { return }
        forEachPiece { piece in
            guard let start = piece.baseAddress else { return }
            next.copyMemory(from: start, byteCount: piece.count)
            next += piece.count
        }
    }

    /// Lays all bytes out in `scratch`, again and again, and hands over what it was filled with: all of it, but for the last time.
    public func forEachFilling(of scratch: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        precondition(!scratch.isEmpty, "There is no room to lay anything out.")
        var filled = 0
        forEachPiece { piece in
            var start = 0
            while start < piece.count {
                let count = min(piece.count - start, scratch.count - filled)
                let room = UnsafeMutableRawBufferPointer(rebasing: scratch[filled...])
                room.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece[start..<start + count]))
                start += count
                filled += count
                guard filled == scratch.count else { continue }
                body(UnsafeRawBufferPointer(scratch))
                filled = 0
            }
        }
        if filled > 0 { body(UnsafeRawBufferPointer(rebasing: scratch[..<filled])) }
    }

    /// Hands over all bytes in pieces, in their order; a piece is gone when `body` returns.
    private func forEachPiece(_ body: (UnsafeRawBufferPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { scratch in
            func put(_ byte: UInt8) {
                scratch[0] = byte
                body(UnsafeRawBufferPointer(rebasing: scratch[..<1]))
            }
            if frame == .list { put(UInt8(ascii: "[")) }
            items.forEach { index, item in
                switch frame {
                case .none, .lines: break
                case .netstrings: body(Self.netstringHead(item.count, scratch))
                case .list:
                    guard index > 0 else { break }
                    put(UInt8(ascii: ","))
                    put(UInt8(ascii: " "))
                }
                body(item)
                switch frame {
                case .none, .list: break
                case .lines: put(UInt8(ascii: "\n"))
                case .netstrings: put(UInt8(ascii: ","))
                }
            }
            if frame == .list { put(UInt8(ascii: "]")) }
        }
    }

    private static func netstringHead(_ count: Int, _ scratch: UnsafeMutableRawBufferPointer) -> UnsafeRawBufferPointer {
        var (index, rest) = (scratch.count - 1, count)
        scratch[index] = UInt8(ascii: ":")
        repeat {
            index -= 1
            scratch[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        } while rest > 0
        return UnsafeRawBufferPointer(rebasing: scratch[index...])
    }

    /// All bytes, laid out.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
            copy(to: UnsafeMutableRawBufferPointer(output))
            initialized = count
        }
    }
}

extension RecordData: Hashable {
    /// By the bytes.
    public static func == (left: RecordData, right: RecordData) -> Bool { left.bytes == right.bytes }
    /// By the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension RecordData: ExpressibleByArrayLiteral {
    /// These bytes.
    public init(arrayLiteral bytes: UInt8...) { self.init(bytes) }
}

extension Int {
    /// How many digits it is written with; it is not negative.
    public var decimalDigits: Int {
        var (rest, count) = (self, 1)
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        return count
    }
}
