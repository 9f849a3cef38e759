/// Reads CSV (RFC 4180): fields in quotes may hold delimiters, line ends and doubled quotes.
struct CSVReader {
    /// Why a text is no CSV.
    struct Malformed: Error {
        /// From 1.
        let line: Int
        let reason: String
    }

    private let bytes: ArraySlice<UInt8>
    private let delimiter: UInt8
    private var position: Int
    /// Of the row that is read next.
    private(set) var line = 1

    init(_ bytes: ArraySlice<UInt8>, delimiter: UInt8 = UInt8(ascii: ",")) {
        self.bytes = bytes
        self.delimiter = delimiter
        position = bytes.startIndex
    }

    /// The fields of the next row that is not empty; nil at the end.
    mutating func next() throws(Malformed) -> [String]? {
        while position < bytes.endIndex, takeLineEnd() {}
        guard position < bytes.endIndex else { return nil }
        var fields: [String] = []
        while true {
            fields.append(String(decoding: try field(), as: UTF8.self))
            if position == bytes.endIndex || takeLineEnd() { return fields }
            guard bytes[position] == delimiter else {
                throw Malformed(line: line, reason: "something stands behind the end of a quoted field")
            }
            position += 1
        }
    }

    private mutating func takeLineEnd() -> Bool {
        let start = position
        if bytes[position] == 0x0D, position + 1 < bytes.endIndex, bytes[position + 1] == 0x0A { position += 1 }
        guard bytes[position] == 0x0A else {
            position = start
            return false
        }
        position += 1
        line += 1
        return true
    }

    private mutating func field() throws(Malformed) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        guard position < bytes.endIndex, bytes[position] == quote else {
            let start = position
            while position < bytes.endIndex, bytes[position] != delimiter, bytes[position] != 0x0A { position += 1 }
            let isBeforeLineEnd = position < bytes.endIndex && bytes[position] == 0x0A && position > start && bytes[position - 1] == 0x0D
            if isBeforeLineEnd { position -= 1 }
            return Array(bytes[start..<position])
        }
        let opened = line
        position += 1
        var content: [UInt8] = []
        while position < bytes.endIndex {
            let byte = bytes[position]
            position += 1
            if byte == quote {
                guard position < bytes.endIndex, bytes[position] == quote else { return content }
                position += 1
            }
            if byte == 0x0A { line += 1 }
            content.append(byte)
        }
        throw Malformed(line: opened, reason: "a quoted field is not closed")
    }
}
