import Wire

/// Numbers by which AWS identifies a request.
enum RequestID {
    static let header = "x-amzn-RequestId"

    /// A UUID of version 4 (RFC 9562).
    static func short(using generator: inout some RandomNumberGenerator) -> String {
        let (high, low) = (generator.next() as UInt64, generator.next() as UInt64)
        let digits = Array(hexadecimal(high & ~0xf000 | 0x4000) + hexadecimal(low & ~(0b11 << 62) | 0b10 << 62))
        var text: [UInt8] = []
        for (position, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(position) { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// 76 characters of base64.
    static func extended(using generator: inout some RandomNumberGenerator) -> String {
        var bytes: [UInt8] = []
        for _ in 0..<7 { bytes.append(bigEndian: Int64(bitPattern: generator.next())) }
        var text: [UInt8] = []
        Base64.encode(bytes, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func hexadecimal(_ number: UInt64) -> [UInt8] {
        stride(from: 60, through: 0, by: -4).map { shift in
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(shift) & 0xf)
            return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }
}
