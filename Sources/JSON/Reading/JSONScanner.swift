import Glibc

/// Walks through one JSON text and copies nothing: for large texts of a known shape, such as a page of records.
///
/// It knows only what is plain. Whatever it throws at, a string with an escape among it, may still be JSON: `JSON.parse` tells.
public struct JSONScanner {
    /// Something else than was asked for.
    public struct Unexpected: Error {
        /// That is all there is to be said.
        public init() {}
    }

    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    /// At the beginning of the text, which has to outlive the scanner and what it gives.
    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The members of an object: `member` is given each key and has to take the value.
    public mutating func object(
        _ member: (inout JSONScanner, UnsafeBufferPointer<UInt8>) throws(Unexpected) -> Void
    ) throws(Unexpected) {
        try take(UInt8(ascii: "{"))
        if peek() == UInt8(ascii: "}") { return index += 1 }
        while true {
            let key = try string()
            try take(UInt8(ascii: ":"))
            try member(&self, key)
            if peek() == UInt8(ascii: "}") { return index += 1 }
            try take(UInt8(ascii: ","))
        }
    }

    /// The elements of an array: `element` has to take each.
    public mutating func array(_ element: (inout JSONScanner) throws(Unexpected) -> Void) throws(Unexpected) {
        try take(UInt8(ascii: "["))
        if peek() == UInt8(ascii: "]") { return index += 1 }
        while true {
            try element(&self)
            if peek() == UInt8(ascii: "]") { return index += 1 }
            try take(UInt8(ascii: ","))
        }
    }

    /// What stands in quotes; nothing is known of it but that there is no escape.
    public mutating func string() throws(Unexpected) -> UnsafeBufferPointer<UInt8> {
        let text = try blob()
        guard let start = text.baseAddress, memchr(start, Int32(UInt8(ascii: "\\")), text.count) == nil else { throw Unexpected() }
        return text
    }

    /// The same where the reader of the text refuses escapes: up to the next quote.
    public mutating func blob() throws(Unexpected) -> UnsafeBufferPointer<UInt8> {
        try take(UInt8(ascii: "\""))
        guard let base = bytes.baseAddress, let end = memchr(base + index, Int32(UInt8(ascii: "\"")), bytes.count - index) else {
            throw Unexpected()
        }
        let count = (base + index).distance(to: UnsafeRawPointer(end))
        defer { index += count + 1 }
        return UnsafeBufferPointer(start: (base + index).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// A string, or nil for `null`.
    public mutating func optionalString() throws(Unexpected) -> UnsafeBufferPointer<UInt8>? {
        guard peek() == UInt8(ascii: "n") else { return try string() }
        for letter in "null".utf8 { try take(letter) }
        return nil
    }

    /// A number in thousandths, with or without a fraction and an exponent.
    public mutating func thousandths() throws(Unexpected) -> Int64 {
        var mantissa: Int64 = 0
        var scale = 3
        var digits = 0
        var isFraction = false
        guard let first = peek(), Self.isDigit(first) else { throw Unexpected() }
        while index < bytes.count {
            let byte = bytes[index]
            if Self.isDigit(byte) {
                mantissa = mantissa * 10 + Int64(byte - 0x30)
                digits += 1
                if isFraction { scale -= 1 }
                guard digits <= 17 else { throw Unexpected() }
            } else if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else {
                break
            }
            index += 1
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            scale += try exponent()
        }
        return try Self.scaled(mantissa, by: scale)
    }

    /// Nothing but white space is left.
    public mutating func end() throws(Unexpected) {
        guard peek() == nil else { throw Unexpected() }
    }

    private mutating func exponent() throws(Unexpected) -> Int {
        var exponent = 0
        let start = index
        while index < bytes.count, Self.isDigit(bytes[index]), index - start < 3 {
            exponent = exponent * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        guard index > start else { throw Unexpected() }
        return exponent
    }

    private static func scaled(_ mantissa: Int64, by scale: Int) throws(Unexpected) -> Int64 {
        guard (-18...18).contains(scale) else { throw Unexpected() }
        var power: Int64 = 1
        for _ in 0..<abs(scale) { power *= 10 }
        if scale < 0 { return (mantissa + power / 2) / power }
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: power)
        guard !overflow else { throw Unexpected() }
        return product
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// The next byte that is no white space; nil at the end.
    private mutating func peek() -> UInt8? {
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            index += 1
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) throws(Unexpected) {
        guard peek() == byte else { throw Unexpected() }
        index += 1
    }
}
