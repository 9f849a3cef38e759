/// A number of bytes as pipeline files write it: `50 KiB`, `1 MiB`, `10 MB`, or plain bytes.
public struct ByteSize: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number of bytes.
    public var bytes: Int

    /// See the properties.
    public init(bytes: Int) {
        self.bytes = bytes
    }

    /// Units of 1,024 bytes.
    public static func kibibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count * 1024) }
    /// Units of 1,048,576 bytes.
    public static func mebibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count * 1024 * 1024) }

    /// Nil unless `text` is a number, with or without a fraction, and a unit of the table below; a plain number counts `plainUnit` bytes.
    public init?(_ text: String, plainUnit: Int = 1) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count).drop { $0 == " " }
        guard let scale = unit.isEmpty ? plainUnit : Self.units[unit.lowercased()], let count = Double(number), count.isFinite else {
            return nil
        }
        let total = count * Double(scale)
        guard total >= 0, total < Double(Int64.max) else { return nil }
        bytes = Int(total)
    }

    /// The units, from small to large, as pipeline files usually write them.
    public static let unitNames = ["B", "KB", "KiB", "MB", "MiB", "GB", "GiB"]

    private static let units: [String: Int] = [
        "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
    ]

    /// By their values.
    public static func < (left: ByteSize, right: ByteSize) -> Bool { left.bytes < right.bytes }

    /// For people.
    public var description: String {
        switch bytes {
        case 0: "0 B"
        case _ where bytes % (1 << 30) == 0: "\(bytes >> 30) GiB"
        case _ where bytes % (1 << 20) == 0: "\(bytes >> 20) MiB"
        case _ where bytes % (1 << 10) == 0: "\(bytes >> 10) KiB"
        default: "\(bytes) B"
        }
    }
}
