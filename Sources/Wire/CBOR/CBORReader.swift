import OrderedCollections
public import Records

/// Reads one CBOR item (RFC 8949), as AWS's SDKs write them: definite and indefinite lengths, integers, floats, texts, bytes.
///
/// Whatever the bytes say, it allocates in proportion to them: a length is believed only as far as there are bytes for it, and depth and
/// number of items are bounded.
public struct CBORReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var itemsLeft = CBORReader.mostItems

    /// No input of the API is nested deeper than four levels.
    static let greatestDepth = 32
    /// A full PutRecords has 2,000 items; each costs memory beyond its bytes.
    static let mostItems = 100_000

    /// The item that the bytes are; nothing may follow it. Throws what is wrong with them.
    public static func parse(_ bytes: UnsafeRawBufferPointer) throws(CBORError) -> Value {
        var reader = CBORReader(bytes: bytes)
        let value = try reader.item(depth: 0)
        guard reader.position == bytes.count else { throw reader.error("more bytes after the item") }
        return value
    }

    private init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The first byte of an item with its argument; nil for an indefinite length.
    private struct Head {
        var kind: UInt8
        var detail: UInt8
        var argument: UInt64?
    }

    private mutating func item(depth: Int) throws(CBORError) -> Value {
        guard depth <= Self.greatestDepth else { throw error("nested deeper than \(Self.greatestDepth) levels") }
        guard itemsLeft > 0 else { throw error("more than \(Self.mostItems) items") }
        itemsLeft -= 1
        let head = try head()
        guard head.argument != nil || (2...5).contains(head.kind) else { throw error("an indefinite length where none can be") }
        switch head.kind {
        case 0: return Self.unsigned(head.argument ?? 0)
        case 1: return Self.negative(head.argument ?? 0)
        case 2: return .bytes(try string(head))
        case 3: return .string(try text(try string(head)))
        case 4: return .list(try list(head, depth: depth))
        case 5: return .map(try map(head, depth: depth))
        // A tag says what an item means (1: a moment); the member's shape says it too.
        case 6: return try item(depth: depth + 1)
        default: return try simple(head)
        }
    }

    private mutating func list(_ head: Head, depth: Int) throws(CBORError) -> [Value] {
        var elements: [Value] = []
        if let count = head.argument {
            guard count <= UInt64(bytes.count - position) else { throw error("a list longer than the bytes") }
            for _ in 0..<count { elements.append(try item(depth: depth + 1)) }
        } else {
            while !(try takeBreak()) { elements.append(try item(depth: depth + 1)) }
        }
        return elements
    }

    private mutating func map(_ head: Head, depth: Int) throws(CBORError) -> ValueMap {
        var entries: ValueMap = [:]
        if let count = head.argument {
            guard count <= UInt64(bytes.count - position) / 2 else { throw error("a map longer than the bytes") }
            for _ in 0..<count { try entry(of: &entries, depth: depth) }
        } else {
            while !(try takeBreak()) { try entry(of: &entries, depth: depth) }
        }
        return entries
    }

    private mutating func entry(of entries: inout ValueMap, depth: Int) throws(CBORError) {
        let head = try head()
        guard head.kind == 3 else { throw error("a key that is no text") }
        let key = try text(try string(head))
        entries[key] = try item(depth: depth + 1)
    }

    /// Of an indefinite length, the chunks together.
    private mutating func string(_ head: Head) throws(CBORError) -> [UInt8] {
        if let count = head.argument { return Array(try take(count)) }
        var whole: [UInt8] = []
        while !(try takeBreak()) {
            let chunk = try self.head()
            guard chunk.kind == head.kind, let count = chunk.argument else { throw error("a chunk of another kind") }
            whole.append(contentsOf: try take(count))
        }
        return whole
    }

    private func text(_ bytes: [UInt8]) throws(CBORError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw error("a text that is not UTF-8") }
        return text
    }

    private func simple(_ head: Head) throws(CBORError) -> Value {
        let argument = head.argument ?? 0
        return switch head.detail {
        case 20: .bool(false)
        case 21: .bool(true)
        case 22, 23: .null
        case 25: .double(Self.half(UInt16(truncatingIfNeeded: argument)))
        case 26: .double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: argument))))
        case 27: .double(Double(bitPattern: argument))
        default: throw error("a simple value that is not known")
        }
    }

    private mutating func head() throws(CBORError) -> Head {
        guard position < bytes.count else { throw error("the bytes end too early") }
        let first = bytes[position]
        position += 1
        let detail = first & 0x1f
        switch detail {
        case 0...23: return Head(kind: first >> 5, detail: detail, argument: UInt64(detail))
        case 24...27:
            let argument = try take(1 << UInt64(detail - 24)).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            return Head(kind: first >> 5, detail: detail, argument: argument)
        case 31: return Head(kind: first >> 5, detail: detail, argument: nil)
        default: throw error("a length of a reserved kind")
        }
    }

    private mutating func takeBreak() throws(CBORError) -> Bool {
        guard position < bytes.count else { throw error("the bytes end too early") }
        guard bytes[position] == 0xff else { return false }
        position += 1
        return true
    }

    private mutating func take(_ count: UInt64) throws(CBORError) -> Slice<UnsafeRawBufferPointer> {
        guard count <= UInt64(bytes.count - position) else { throw error("the bytes end too early") }
        let start = position
        position += Int(count)
        return bytes[start..<position]
    }

    private func error(_ problem: String) -> CBORError { CBORError(problem: problem, offset: position) }

    private static func unsigned(_ argument: UInt64) -> Value {
        Int64(exactly: argument).map { .int($0) } ?? .double(Double(argument))
    }

    private static func negative(_ argument: UInt64) -> Value {
        Int64(exactly: argument).map { .int(-1 - $0) } ?? .double(-1 - Double(argument))
    }

    /// IEEE 754 binary16, which x86 has no type for.
    private static func half(_ bits: UInt16) -> Double {
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        let (exponent, fraction) = (Int(bits >> 10 & 0x1f), Double(bits & 0x3ff))
        return switch exponent {
        case 0: sign * Double(sign: .plus, exponent: -24, significand: fraction)
        case 31: fraction == 0 ? sign * .infinity : .nan
        default: sign * Double(sign: .plus, exponent: exponent - 25, significand: fraction + 1_024)
        }
    }
}

/// Why bytes are not CBOR that the API could mean.
public struct CBORError: Error, Hashable, CustomStringConvertible {
    /// Without its place.
    public var problem: String
    /// In bytes from 0.
    public var offset: Int

    /// The problem with its place.
    public var description: String { "\(problem), at byte \(offset)" }
}
