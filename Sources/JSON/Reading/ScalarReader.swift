import OrderedCollections
import Records

/// Reads JSON byte by byte, for the texts that simdjson refuses.
///
/// It takes what Python's `json` takes beyond RFC 8259 (`NaN`, `Infinity`, `-Infinity`) and integers past 64 bits, and knows the byte
/// at which anything else goes wrong. Only such texts pay for it.
struct ScalarReader {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    private var depth = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func readDocument() throws(JSONError) -> Value {
        skipSpace()
        guard index < bytes.count else { throw JSONError(.empty, "There is no JSON value", offset: index) }
        let value = try readValue()
        skipSpace()
        guard index == bytes.count else { throw JSONError(.trailingContent, "There is more after the JSON value", offset: index) }
        return value
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[index..<end].elementsEqual(expected) else { return false }
        index = end
        return true
    }

    private func unexpected(_ wanted: String) -> JSONError {
        guard index < bytes.count else { return JSONError(.syntax, "The text ends where \(wanted) is due", offset: index) }
        return JSONError(.syntax, "Expected \(wanted)", offset: index)
    }

    private mutating func readValue() throws(JSONError) -> Value {
        guard let first = next else { throw unexpected("a JSON value") }
        switch first {
        case UInt8(ascii: "{"): return try nested { (reader) throws(JSONError) in try reader.readMap() }
        case UInt8(ascii: "["): return try nested { (reader) throws(JSONError) in try reader.readList() }
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
        case UInt8(ascii: "t") where take("true"): return .bool(true)
        case UInt8(ascii: "f") where take("false"): return .bool(false)
        case UInt8(ascii: "n") where take("null"): return .null
        case UInt8(ascii: "N") where take("NaN"): return .double(.nan)
        case UInt8(ascii: "I") where take("Infinity"): return .double(.infinity)
        default: throw unexpected("a JSON value")
        }
    }

    private mutating func nested(_ read: (inout Self) throws(JSONError) -> Value) throws(JSONError) -> Value {
        guard depth < JSON.maximumDepth else {
            throw JSONError(.tooDeep, "Arrays and objects are nested more than \(JSON.maximumDepth) deep", offset: index)
        }
        depth += 1
        index += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func readList() throws(JSONError) -> Value {
        var items: [Value] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .list(items) }
        while true {
            skipSpace()
            items.append(try readValue())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .list(items) }
            guard take(UInt8(ascii: ",")) else { throw unexpected("a comma or the end of the array") }
        }
    }

    private mutating func readMap() throws(JSONError) -> Value {
        var map = ValueMap()
        skipSpace()
        if take(UInt8(ascii: "}")) { return .map(map) }
        while true {
            skipSpace()
            let start = index
            guard next == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
            let key = try readString()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected("a colon") }
            skipSpace()
            guard map.setByBytes(key, try readValue()) else {
                throw JSONError(.equivalentKeys, "A key is the same text as an earlier one in another Unicode form", offset: start)
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .map(map) }
            guard take(UInt8(ascii: ",")) else { throw unexpected("a comma or the end of the object") }
        }
    }
}

// MARK: Strings
extension ScalarReader {
    private mutating func readString() throws(JSONError) -> String {
        let start = index
        var text: [UInt8] = []
        index += 1
        while let byte = next {
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = try? String(copying: UTF8Span(validating: text.span)) else {
                    throw JSONError(.invalidUnicode, "A string is not valid UTF-8", offset: start)
                }
                return string
            case UInt8(ascii: "\\"): try readEscape(into: &text)
            case ..<0x20: throw JSONError(.syntax, "A control character in a string is not escaped", offset: index - 1)
            default: text.append(byte)
            }
        }
        throw JSONError(.syntax, "A string has no end", offset: start)
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(JSONError) {
        let start = index - 1
        guard let letter = next else { throw unexpected("an escape") }
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try readScalar(from: start)
            text.append(contentsOf: UTF8.encode(scalar).unsafelyUnwrapped)
        default: throw JSONError(.syntax, "An escape is unknown", offset: start)
        }
    }

    /// The scalar of one `\uXXXX`, or of two that are a surrogate pair; the first `\u` is read already.
    private mutating func readScalar(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try readHexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, take("\\u") {
            let second = try readHexadecimal()
            if (0xDC00...0xDFFF).contains(second) {
                let code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
                if let scalar = Unicode.Scalar(code) { return scalar }
            }
        }
        throw JSONError(.invalidUnicode, "A string has half of a surrogate pair, which UTF-8 cannot hold", offset: start)
    }

    private mutating func readHexadecimal() throws(JSONError) -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else { throw unexpected("a hexadecimal digit") }
            code = code << 4 | UInt16(digit)
            index += 1
        }
        return code
    }
}

// MARK: Numbers
extension ScalarReader {
    private mutating func readNumber() throws(JSONError) -> Value {
        let start = index
        _ = take(UInt8(ascii: "-"))
        if next == UInt8(ascii: "I"), index > start, take("Infinity") { return .double(-.infinity) }
        if !take(UInt8(ascii: "0")) { try readDigits() }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            try readDigits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try readDigits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger {
            if let integer = Int64(text) { return .int(integer) }
            if let integer = BigInteger(text) { return .bigInteger(integer) }
        }
        guard let double = Double(text), double.isFinite else {
            throw JSONError(.numberOutOfRange, "A number is too large for a 64-bit float", offset: start)
        }
        return .double(double)
    }

    private mutating func readDigits() throws(JSONError) {
        let start = index
        while let byte = next, (0x30...0x39).contains(byte) { index += 1 }
        guard index > start else { throw unexpected("a digit") }
    }
}
