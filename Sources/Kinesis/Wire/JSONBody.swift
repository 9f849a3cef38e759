import NIOCore
import Records
import Wire

/// A body in JSON, as AWS's protocol `json` has it.
struct JSONBody: BodyWriter {
    private var buffer: ByteBuffer
    private var hash = BodyHash()
    private var needsComma = false
    /// Where blobs are laid out, in the processor's cache; most bodies have none.
    private var scratch: [UInt8] = []
    /// Base64 takes three bytes at once.
    private static let scratchBytes = 3 * 8192

    init(capacity: Int = 256) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.writeInteger(UInt8(ascii: "{"))
    }

    mutating func field(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    mutating func field(_ name: StaticString, _ value: Int) {
        key(name)
        buffer.writeString(String(value))
    }

    mutating func field(_ name: StaticString, blob: RecordData) {
        key(name)
        buffer.writeInteger(UInt8(ascii: "\""))
        if scratch.isEmpty { scratch = [UInt8](repeating: 0, count: Self.scratchBytes) }
        scratch.withUnsafeMutableBytes { scratch in
            blob.forEachFilling(of: scratch) { bytes in
                let length = Base64.encodedLength(bytes.count)
                buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { output in
                    Base64.encode(bytes, into: output)
                    return length
                }
                hash.follow(buffer)
            }
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    /// Seconds since 1970 with three decimals, as AWS's JSON protocol has timestamps.
    mutating func field(_ name: StaticString, milliseconds: Int64) {
        key(name)
        let fraction = String(milliseconds.magnitude % 1000)
        buffer.writeString("\(milliseconds < 0 ? "-" : "")\(milliseconds.magnitude / 1000).")
        buffer.writeString(String(repeating: "0", count: 3 - fraction.count) + fraction)
    }

    mutating func object(_ name: StaticString, _ fields: (inout JSONBody) -> Void) {
        key(name)
        nested(fields)
    }

    mutating func list<Element>(_ name: StaticString, of elements: [Element], _ fields: (inout JSONBody, Element) -> Void) {
        key(name)
        buffer.writeInteger(UInt8(ascii: "["))
        for index in elements.indices {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            nested { fields(&$0, elements[index]) }
            hash.follow(buffer)
        }
        buffer.writeInteger(UInt8(ascii: "]"))
    }

    mutating func finished() -> HashedBody {
        buffer.writeInteger(UInt8(ascii: "}"))
        return hash.finished(buffer)
    }

    private mutating func nested(_ fields: (inout JSONBody) -> Void) {
        buffer.writeInteger(UInt8(ascii: "{"))
        needsComma = false
        fields(&self)
        buffer.writeInteger(UInt8(ascii: "}"))
        needsComma = true
    }

    private mutating func key(_ name: StaticString) {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
    }

    private mutating func string(_ text: String) {
        buffer.writeInteger(UInt8(ascii: "\""))
        if text.utf8.contains(where: Self.needsEscape) {
            for byte in text.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    buffer.writeInteger(UInt8(ascii: "\\"))
                    buffer.writeInteger(byte)
                } else if byte < 0x20 {
                    buffer.writeStaticString("\\u00")
                    Hex.write([byte], into: &buffer)
                } else {
                    buffer.writeInteger(byte)
                }
            }
        } else {
            buffer.writeString(text)
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}
