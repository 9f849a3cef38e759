/// The checksum of event stream frames: CRC-32 as gzip has it (RFC 1952, section 8).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 0 ? value >> 1 : 0xedb8_8320 ^ value >> 1 }
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            bytes.withUnsafeBufferPointer { bytes in
                ~bytes.reduce(~0 as UInt32) { table[Int(truncatingIfNeeded: ($0 ^ UInt32($1)) & 0xff)] ^ $0 &>> 8 }
            }
        }
    }
}
