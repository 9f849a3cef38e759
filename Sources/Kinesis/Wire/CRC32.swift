/// The checksum of event stream messages: CRC-32 as gzip has it (RFC 1952, section 8), eight bytes at a time.
///
/// A subscription's bytes all pass through it twice, so that it works on raw memory by eight tables ("slicing by 8", Kounavis and
/// Berry 2005).
enum CRC32 {
    private static let polynomial: UInt32 = 0xEDB8_8320

    /// Table k holds the checksum of a byte with k zero bytes behind it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for index in 0..<256 {
            tables[index] = (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 0 ? value >> 1 : polynomial ^ value >> 1 }
        }
        for index in 256..<tables.count { tables[index] = tables[Int(tables[index - 256] & 0xFF)] ^ tables[index - 256] >> 8 }
        return tables
    }()

    /// The checksum of what came before with `bytes` behind it; begins with 0.
    static func checksum(_ bytes: UnsafeRawBufferPointer, after previous: UInt32 = 0) -> UInt32 {
        var value = ~previous
        tables.withUnsafeBufferPointer { tables in
            var place = 0
            while place + 8 <= bytes.count {
                let low = value ^ UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
                let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self))
                let first = tables[1792 + Int(low & 0xFF)] ^ tables[1536 + Int(low >> 8 & 0xFF)]
                let second = tables[1280 + Int(low >> 16 & 0xFF)] ^ tables[1024 + Int(low >> 24)]
                let third = tables[768 + Int(high & 0xFF)] ^ tables[512 + Int(high >> 8 & 0xFF)]
                value = first ^ second ^ third ^ tables[256 + Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
                place += 8
            }
            while place < bytes.count {
                value = tables[Int((value ^ UInt32(bytes[place])) & 0xFF)] ^ value >> 8
                place += 1
            }
        }
        return ~value
    }
}
