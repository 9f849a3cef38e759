import Glibc
import Records

/// JSON that is parsed and not decoded, written without becoming values: the same bytes.
extension MessagePackWriter {
    mutating func write(_ node: JSONNode, into output: inout [UInt8]) throws(ProcessorError) {
        switch node.kind {
        case .null: output.append(0xC0)
        case .bool: output.append(node.bool ? 0xC3 : 0xC2)
        case .int: Self.write(node.int, into: &output)
        case .bigInteger: Self.write(node.unsignedInt, into: &output)
        case .double:
            output.append(0xCB)
            output.appendBigEndian(node.double.bitPattern)
        case .string: Self.write(text: node.string, into: &output)
        case .list: try writeList(node, into: &output)
        case .map: try writeMap(node, into: &output)
        }
    }

    private mutating func writeList(_ node: JSONNode, into output: inout [UInt8]) throws(ProcessorError) {
        try enter()
        var count = 0
        node.forEachItem { _ in count += 1 }
        Self.writeHead(count, short: 0x90, upTo: 15, nil, 0xDC, 0xDD, into: &output)
        try node.forEachItem { (item) throws(ProcessorError) in try write(item, into: &output) }
        leave()
    }

    private mutating func writeMap(_ node: JSONNode, into output: inout [UInt8]) throws(ProcessorError) {
        // Of a key given twice the last value counts, in the first one's place: a map of values knows how.
        guard let count = Self.countOfDistinctKeys(node) else { return try write(node.value, into: &output) }
        try enter()
        Self.writeHead(count, short: 0x80, upTo: 15, nil, 0xDE, 0xDF, into: &output)
        try node.forEachField { (key, value) throws(ProcessorError) in
            Self.write(text: key, into: &output)
            try write(value, into: &output)
        }
        leave()
    }

    /// Each is compared with each: more of them than this are quicker looked up as values.
    private static let mostKeys = 64

    /// Nil where there are too many to tell, or a key is given twice.
    private static func countOfDistinctKeys(_ node: JSONNode) -> Int? {
        withUnsafeTemporaryAllocation(of: UnsafeBufferPointer<UInt8>.self, capacity: mostKeys) { keys in
            var count = 0
            var areDistinct = true
            node.forEachField { key, _ in
                guard areDistinct, count < mostKeys else { return areDistinct = false }
                areDistinct = !keys[..<count].contains { isSame($0, key) }
                keys.initializeElement(at: count, to: key)
                count += 1
            }
            return areDistinct ? count : nil
        }
    }

    private static func isSame(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        guard let first = left.baseAddress, let second = right.baseAddress else { return true }
        return memcmp(first, second, left.count) == 0
    }
}
