/// Which of a cluster's 16,384 slots a key is in: CRC-16 of the key, or of what stands between its first `{` and the next `}`
/// (redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec, "Key distribution model").
enum HashSlot {
    static let count = 16_384
    static let all = 0..<count

    static func of(_ key: String) -> Int {
        Int(crc16(hashed(Array(key.utf8)[...]))) % count
    }

    /// An empty tag is none.
    private static func hashed(_ key: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return key }
        let rest = key[(open + 1)...]
        guard let close = rest.firstIndex(of: UInt8(ascii: "}")), close > open + 1 else { return key }
        return rest[..<close]
    }

    /// CRC-16/XMODEM: polynomial 0x1021, from zero, most significant bit first.
    private static func crc16(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        bytes.reduce(0) { crc, byte in
            (0..<8).reduce(crc ^ UInt16(byte) << 8) { crc, _ in crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        }
    }
}
