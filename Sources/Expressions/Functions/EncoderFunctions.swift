/// `base64.encode` and `base64.decode` with the alphabet of RFC 4648, section 4; padding may be missing when decoding.
enum EncoderFunctions {
    static let all: [Function] = [
        .global("base64.encode", [.init([.bytes], .string)], .one(encode)),
        .global("base64.decode", [.init([.string], .bytes)], .one(decode)),
    ]

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8: UInt32] = Dictionary(uniqueKeysWithValues: alphabet.enumerated().map { ($1, UInt32($0)) })

    @Sendable private static func encode(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        let bytes = try value.asBytes()
        try budget.charge(bytes: bytes.count)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? alphabet[Int(bits >> (18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
        }
        return .string(String(decoding: text, as: UTF8.self))
    }

    @Sendable private static func decode(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        let text = Array(try value.asString().utf8)
        try budget.charge(bytes: text.count)
        let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let digits = text.dropLast(padding)
        guard padding <= 2, padding == 0 || text.count % 4 == 0, digits.count % 4 != 1 else { throw .other("this text is not base64") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        for start in stride(from: 0, to: digits.count, by: 4) {
            let group = digits[start..<min(start + 4, digits.count)]
            var bits: UInt32 = 0
            for digit in group {
                guard let value = values[digit] else { throw .other("this text is not base64") }
                bits = bits << 6 | value
            }
            bits <<= 6 * UInt32(4 - group.count)
            for place in 0..<group.count - 1 { bytes.append(UInt8(truncatingIfNeeded: bits >> (16 - 8 * UInt32(place)))) }
        }
        return .bytes(bytes)
    }
}
