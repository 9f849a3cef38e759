import Records

/// Each item as `LENGTH:ITEM,` (D. J. Bernstein, "Netstrings", 1997).
struct NetstringAggregate: FramedAggregate {
    var data = RecordData(.netstrings)

    static func accountedHeader(of payload: SharedBytes) -> Int { payload.count.decimalDigits + 2 }

    static func forEachItem(
        in data: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws(ProcessorError) -> Void
    ) throws(ProcessorError) {
        guard !data.isEmpty else { throw error("There is no netstring", at: data.startIndex) }
        var rest = data
        while !rest.isEmpty { try body(try takeItem(&rest)) }
    }

    private static func takeItem(_ rest: inout ArraySlice<UInt8>) throws(ProcessorError) -> ArraySlice<UInt8> {
        let start = rest.startIndex
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        // Nine digits are more than any record holds, and cannot overflow.
        guard !digits.isEmpty, digits.count <= 9, digits.first != 0x30 || digits.count == 1 else {
            throw error("A netstring must begin with its length in decimal", at: start)
        }
        let count = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        rest = rest[digits.endIndex...]
        guard rest.popFirst() == UInt8(ascii: ":") else {
            throw error("A netstring's length must be followed by a colon", at: digits.endIndex)
        }
        guard rest.count > count else { throw error("A netstring of \(count) bytes is cut off", at: start) }
        let item = rest.prefix(count)
        guard rest[item.endIndex] == UInt8(ascii: ",") else { throw error("A netstring must end with a comma", at: item.endIndex) }
        rest = rest[(item.endIndex + 1)...]
        return item
    }

    private static func error(_ message: String, at offset: Int) -> ProcessorError {
        ProcessorError(.invalidNetstring, message, offset: offset)
    }
}
