import OrderedCollections
import Records

/// Builds a value from the tape that simdjson leaves behind (simdjson, doc/tape.md).
struct TapeReader {
    private let tape: UnsafePointer<UInt64>
    private let strings: UnsafePointer<UInt8>
    /// The word to be read next; word 0 is the root's.
    private var index = 1

    private static let payloadMask: UInt64 = (1 << 56) - 1

    init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>) {
        self.tape = tape
        self.strings = strings
    }

    /// Nil where the tape holds what a `Value` cannot; `ScalarReader` then finds out what, and where.
    mutating func readValue() -> Value? {
        let word = tape[index]
        index += 1
        switch UInt8(truncatingIfNeeded: word >> 56) {
        case UInt8(ascii: "\""): return string(word).map(Value.string)
        case UInt8(ascii: "l"): return .int(Int64(bitPattern: readWord()))
        case UInt8(ascii: "u"):
            // simdjson leaves here only what is past Int64.
            return BigInteger(String(readWord())).map(Value.bigInteger)
        case UInt8(ascii: "d"): return .double(Double(bitPattern: readWord()))
        case UInt8(ascii: "{"): return readMap(word)
        case UInt8(ascii: "["): return readList(word)
        case UInt8(ascii: "t"): return .bool(true)
        case UInt8(ascii: "f"): return .bool(false)
        default: return .null
        }
    }

    private mutating func readWord() -> UInt64 {
        defer { index += 1 }
        return tape[index]
    }

    private mutating func readList(_ word: UInt64) -> Value? {
        let (end, count) = Self.extent(word)
        var items: [Value] = []
        items.reserveCapacity(count)
        while index < end {
            guard let item = readValue() else { return nil }
            items.append(item)
        }
        index = end + 1
        return .list(items)
    }

    private mutating func readMap(_ word: UInt64) -> Value? {
        let (end, count) = Self.extent(word)
        var map = ValueMap()
        map.reserveCapacity(count)
        while index < end {
            guard let key = string(readWord()), let value = readValue(), map.setByBytes(key, value) else { return nil }
        }
        index = end + 1
        return .map(map)
    }

    /// The index of the closing word, and the number of items (which simdjson stops counting at 2^24 - 1).
    private static func extent(_ word: UInt64) -> (end: Int, count: Int) {
        (Int(word & 0xFFFF_FFFF) - 1, Int((word >> 32) & 0xFF_FFFF))
    }

    private func string(_ word: UInt64) -> String? {
        let start = UnsafeRawPointer(strings + Int(word & Self.payloadMask))
        let count = Int(start.loadUnaligned(as: UInt32.self))
        let bytes = UnsafeBufferPointer(start: (start + 4).assumingMemoryBound(to: UInt8.self), count: count)
        // Halves of surrogate pairs pass through some versions of simdjson as three bytes that are not UTF-8.
        return try? String(copying: UTF8Span(validating: bytes.span))
    }
}

extension ValueMap {
    /// Sets a key as JSON has it, by its bytes. False when another key is equal in Swift only (canonical equivalence): both cannot be kept.
    mutating func setByBytes(_ key: String, _ value: Value) -> Bool {
        guard updateValue(value, forKey: key) != nil, !key.utf8.allSatisfy({ $0 < 0x80 }), let index = index(forKey: key) else {
            return true
        }
        return keys[index].utf8.elementsEqual(key.utf8)
    }
}
