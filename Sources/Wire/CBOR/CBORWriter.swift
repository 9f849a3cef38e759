/// The bytes of CBOR items (RFC 8949), appended to a body. Objects and arrays have indefinite lengths, as those of AWS have: their members
/// are not counted before they are written.
public enum CBORWriter {
    /// Begins a map.
    public static let openMap: UInt8 = 0xbf
    /// Begins a list.
    public static let openList: UInt8 = 0x9f
    /// Ends what was begun.
    public static let close: UInt8 = 0xff

    private enum Kind: UInt8 {
        case unsigned = 0
        case negative = 0x20
        case bytes = 0x40
        case text = 0x60
    }

    /// A whole number.
    public static func integer(_ value: Int64, into output: inout [UInt8]) {
        if value >= 0 { head(.unsigned, UInt64(value), into: &output) } else { head(.negative, UInt64(~value), into: &output) }
    }

    /// True or false.
    public static func bool(_ value: Bool, into output: inout [UInt8]) {
        output.append(value ? 0xf5 : 0xf4)
    }

    /// A string of bytes.
    public static func bytes(_ value: [UInt8], into output: inout [UInt8]) {
        head(.bytes, UInt64(value.count), into: &output)
        output.append(contentsOf: value)
    }

    /// What announces a string of so many bytes.
    public static func bytesHead(count: Int, into output: inout [UInt8]) {
        head(.bytes, UInt64(count), into: &output)
    }

    /// A text, which is UTF-8.
    public static func text(_ value: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) {
        textHead(count: value.count, into: &output)
        output.append(contentsOf: value)
    }

    /// What announces a text of so many bytes.
    public static func textHead(count: Int, into output: inout [UInt8]) {
        head(.text, UInt64(count), into: &output)
    }

    private static func head(_ kind: Kind, _ argument: UInt64, into output: inout [UInt8]) {
        let (size, detail): (Int, UInt8) =
            switch argument {
            case 0..<24: (0, UInt8(argument))
            case 24...0xff: (1, 24)
            case 0x100...0xffff: (2, 25)
            case 0x1_0000...0xffff_ffff: (4, 26)
            default: (8, 27)
            }
        output.append(kind.rawValue | detail)
        for shift in stride(from: (size - 1) * 8, through: 0, by: -8) {
            output.append(UInt8(truncatingIfNeeded: argument >> UInt64(shift)))
        }
    }
}
