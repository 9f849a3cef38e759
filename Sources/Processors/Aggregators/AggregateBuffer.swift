/// The bytes of an aggregate that is being filled. It begins with room for what the last one came to, so that it seldom moves while it grows.
struct AggregateBuffer: Sendable {
    private var bytes: [UInt8] = []
    private var room = 0

    var count: Int { bytes.count }

    mutating func append(_ more: some Collection<UInt8>) {
        if bytes.isEmpty { bytes.reserveCapacity(max(room, more.count)) }
        bytes.append(contentsOf: more)
    }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Appends a number that is not negative, without a text between.
    mutating func append(decimal number: Int) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    /// All of it; the next one begins.
    mutating func take() -> [UInt8] {
        room = bytes.count
        defer { bytes = [] }
        return bytes
    }
}

extension Int {
    /// How many digits it is written with; it is not negative.
    var decimalDigits: Int {
        var (rest, count) = (self, 1)
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        return count
    }
}
