/// A CEL duration: nanoseconds within what 64 bits hold, about ± 292 years.
///
/// The language definition allows ± 10,000 years; the reference implementation keeps 64 bits of nanoseconds, and so does its conformance data.
struct TimeSpan: Sendable, Hashable, Comparable {
    var nanoseconds: Int64

    static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.nanoseconds < right.nanoseconds }

    /// `1h30m`, `-1.5s`, `100ms`: numbers with units from `h` to `ns`. Nil for anything else.
    init?(text: String) {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual("0".utf8) {
            nanoseconds = 0
            return
        }
        guard !rest.isEmpty else { return nil }
        var total: Int128 = 0
        while !rest.isEmpty {
            let whole = rest.prefix(while: \.isDigit)
            rest = rest.dropFirst(whole.count)
            var fraction = rest.prefix(0)
            if rest.first == UInt8(ascii: ".") {
                fraction = rest.dropFirst().prefix(while: \.isDigit)
                rest = rest.dropFirst(1 + fraction.count)
            }
            guard !(whole.isEmpty && fraction.isEmpty), whole.count <= 18 else { return nil }
            let unitBytes = rest.prefix { !$0.isDigit && $0 != UInt8(ascii: ".") }
            rest = rest.dropFirst(unitBytes.count)
            guard let unit = Self.units[String(decoding: unitBytes, as: UTF8.self)] else { return nil }
            total += Int128(Self.number(whole)) * unit
            let digits = fraction.prefix(15)
            total += Int128(Self.number(digits)) * unit / Self.powerOfTen(digits.count)
        }
        guard let value = Int64(exactly: isNegative ? -total : total) else { return nil }
        nanoseconds = value
    }

    init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Nil outside of the range.
    init?(exactly nanoseconds: Int128) {
        guard let value = Int64(exactly: nanoseconds) else { return nil }
        self.nanoseconds = value
    }

    private static let units: [String: Int128] = [
        "h": 3_600_000_000_000, "m": 60_000_000_000, "s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "µs": 1_000, "μs": 1_000, "ns": 1,
    ]

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64 {
        digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func powerOfTen(_ exponent: Int) -> Int128 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    /// Decimal seconds and `s`, as protobuf's JSON mapping writes durations but without trailing zeros: `1.5s`.
    var text: String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        return "\(sign)\(magnitude / 1_000_000_000)\(Self.fraction(magnitude % 1_000_000_000))s"
    }

    /// `.5` for 500,000,000; nothing for 0.
    static func fraction(_ nanoseconds: UInt64) -> String {
        guard nanoseconds != 0 else { return "" }
        var digits = String(nanoseconds)
        digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
        while digits.last == "0" { digits.removeLast() }
        return "." + digits
    }
}
