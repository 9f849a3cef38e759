import Glibc
public import OrderedCollections

/// A value on a tape (simdjson, doc/tape.md): it points into the tape's memory, and must not outlive the text that it is of.
public struct JSONNode {
    /// The shapes that a tape tells apart.
    public enum Kind: Sendable {
        case null, bool, int, bigInteger, double, string, list, map
    }

    private let words: UnsafePointer<UInt64>
    private let strings: UnsafePointer<UInt8>
    private let index: Int

    private static let payloadMask: UInt64 = (1 << 56) - 1

    /// The value at a word; both pointers are to the beginning of its text.
    public init(words: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int) {
        self.words = words
        self.strings = strings
        self.index = index
    }

    /// The value's shape.
    public var kind: Kind {
        switch letter(at: index) {
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "l"): .int
        // simdjson leaves here only what is past Int64.
        case UInt8(ascii: "u"): .bigInteger
        case UInt8(ascii: "d"): .double
        case UInt8(ascii: "{"): .map
        case UInt8(ascii: "["): .list
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        default: .null
        }
    }

    /// The name of the shape, as `Value.typeName`.
    public var typeName: String {
        switch kind {
        case .null: "null"
        case .bool: "bool"
        case .int, .bigInteger: "int"
        case .double: "double"
        case .string: "string"
        case .list: "list"
        case .map: "map"
        }
    }

    /// Of a `bool`.
    public var bool: Bool { letter(at: index) == UInt8(ascii: "t") }
    /// Of an `int`.
    public var int: Int64 { Int64(bitPattern: words[index + 1]) }
    /// Of a `bigInteger`.
    public var unsignedInt: UInt64 { words[index + 1] }
    /// Of a `double`.
    public var double: Double { Double(bitPattern: words[index + 1]) }
    /// Of a `string`, its UTF-8: as long-lived as the node.
    public var string: UnsafeBufferPointer<UInt8> { string(at: index) }

    private func letter(at index: Int) -> UInt8 { UInt8(truncatingIfNeeded: words[index] >> 56) }

    private func string(at index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = UnsafeRawPointer(strings + Int(words[index] & Self.payloadMask))
        let count = Int(start.loadUnaligned(as: UInt32.self))
        return UnsafeBufferPointer(start: (start + 4).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// The index of the word behind the value at `index`.
    private func next(after index: Int) -> Int {
        switch letter(at: index) {
        case UInt8(ascii: "{"), UInt8(ascii: "["): Int(words[index] & 0xFFFF_FFFF)
        case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index + 2
        default: index + 1
        }
    }
}

// MARK: Looking up
extension JSONNode {
    /// What is at the end of a path; nil where a step of it finds nothing, or nothing of the shape that it needs.
    public func find(_ path: ValuePath) -> JSONNode? {
        path.names.withUnsafeBufferPointer { names in
            path.steps.withUnsafeBufferPointer { steps in
                var node = self
                for step in steps {
                    let next =
                        switch step {
                        case .field(let start, let count): node.field(UnsafeBufferPointer(rebasing: names[start..<start + count]))
                        case .element(let index): node.element(index)
                        }
                    guard let next else { return nil }
                    node = next
                }
                return node
            }
        }
    }

    /// The field of a map: of a key given twice the last, as everywhere.
    private func field(_ name: UnsafeBufferPointer<UInt8>) -> JSONNode? {
        guard kind == .map else { return nil }
        return field { key in
            guard key.count == name.count else { return false }
            guard let key = key.baseAddress, let start = name.baseAddress else { return true }
            return memcmp(key, start, name.count) == 0
        }
    }

    @inline(__always)
    private func field(_ isName: (UnsafeBufferPointer<UInt8>) -> Bool) -> JSONNode? {
        let end = next(after: index) - 1
        var key = index + 1
        var found: Int?
        while key < end {
            if isName(string(at: key)) { found = key + 1 }
            key = next(after: key + 1)
        }
        return found.map { JSONNode(words: words, strings: strings, index: $0) }
    }

    /// The field of a map by its name; nil where there is none, or the value is no map.
    public subscript(name: String) -> JSONNode? {
        guard kind == .map else { return nil }
        var name = name
        return name.withUTF8 { field($0) }
    }

    /// The items of a list; none where the value is no list.
    public var items: [JSONNode] {
        guard kind == .list else { return [] }
        let end = next(after: index) - 1
        var items: [JSONNode] = []
        items.reserveCapacity(count)
        var item = index + 1
        while item < end {
            items.append(JSONNode(words: words, strings: strings, index: item))
            item = next(after: item)
        }
        return items
    }

    /// Hands over the items of a list in their order.
    public func forEachItem<Failure: Error>(_ body: (JSONNode) throws(Failure) -> Void) throws(Failure) {
        let end = next(after: index) - 1
        var item = index + 1
        while item < end {
            try body(JSONNode(words: words, strings: strings, index: item))
            item = next(after: item)
        }
    }

    /// Hands over the fields of a map in their order: a key that is there twice comes twice.
    public func forEachField<Failure: Error>(
        _ body: (_ key: UnsafeBufferPointer<UInt8>, _ value: JSONNode) throws(Failure) -> Void
    ) throws(Failure) {
        let end = next(after: index) - 1
        var key = index + 1
        while key < end {
            try body(string(at: key), JSONNode(words: words, strings: strings, index: key + 1))
            key = next(after: key + 1)
        }
    }

    private func element(_ position: Int) -> JSONNode? {
        guard kind == .list, position >= 0 else { return nil }
        let end = next(after: index) - 1
        var element = index + 1
        for _ in 0..<position where element < end { element = next(after: element) }
        return element < end ? JSONNode(words: words, strings: strings, index: element) : nil
    }
}

// MARK: Decoding
extension JSONNode {
    /// The value with all that is in it.
    public var value: Value {
        guard let value = checkedValue else { preconditionFailure("a text with what no value can hold is refused when it is read") }
        return value
    }

    /// The same of a text about which nothing is known. Nil where it has a string that is not UTF-8 (half of a surrogate pair), or two
    /// keys that are one text in different Unicode forms, of which a map would lose one.
    public var checkedValue: Value? {
        switch kind {
        case .string: return text(at: index).map(Value.string)
        case .int: return .int(int)
        case .bigInteger: return BigInteger(String(unsignedInt)).map(Value.bigInteger)
        case .double: return .double(double)
        case .map: return map
        case .list: return list
        case .bool: return .bool(bool)
        case .null: return .null
        }
    }

    private func text(at index: Int) -> String? {
        try? String(copying: UTF8Span(validating: string(at: index).span))
    }

    /// The items of a list, the fields of a map; simdjson stops counting at 2^24 - 1.
    private var count: Int { Int((words[index] >> 32) & 0xFF_FFFF) }

    private var list: Value? {
        let end = next(after: index) - 1
        var items: [Value] = []
        items.reserveCapacity(count)
        var element = index + 1
        while element < end {
            guard let item = JSONNode(words: words, strings: strings, index: element).checkedValue else { return nil }
            items.append(item)
            element = next(after: element)
        }
        return .list(items)
    }

    private var map: Value? {
        let end = next(after: index) - 1
        var map = ValueMap()
        map.reserveCapacity(count)
        var key = index + 1
        while key < end {
            guard let name = text(at: key), let value = JSONNode(words: words, strings: strings, index: key + 1).checkedValue,
                map.setByBytes(name, value)
            else { return nil }
            key = next(after: key + 1)
        }
        return .map(map)
    }
}

extension ValueMap {
    /// Sets a key as JSON has it, by its bytes. False when another key is equal in Swift only (canonical equivalence): both cannot be kept.
    public mutating func setByBytes(_ key: String, _ value: Value) -> Bool {
        guard updateValue(value, forKey: key) != nil, !key.utf8.allSatisfy({ $0 < 0x80 }), let index = index(forKey: key) else {
            return true
        }
        return keys[index].utf8.elementsEqual(key.utf8)
    }
}
