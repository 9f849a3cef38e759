extension Duration {
    /// A duration as pipeline files write it: `500ms`, `2s`, `5m`, `1h`; a plain number is seconds. Nil for anything else.
    public init?(text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count).drop { $0 == " " }
        guard let count = Double(number), count.isFinite else { return nil }
        let seconds: Double
        switch unit {
        case "ms": seconds = count / 1_000
        case "", "s": seconds = count
        case "m": seconds = count * 60
        case "h": seconds = count * 3_600
        case "d": seconds = count * 86_400
        default: return nil
        }
        guard seconds < 1e9 else { return nil }
        self = .nanoseconds(Int64((seconds * 1e9).rounded()))
    }

    /// As `init(text:)` reads it, in the largest unit that leaves a whole number.
    public var text: String {
        let milliseconds = wholeMilliseconds
        for (unit, scale) in [("h", Int64(3_600_000)), ("m", 60_000), ("s", 1_000)] where milliseconds != 0 && milliseconds % scale == 0 {
            return "\(milliseconds / scale)\(unit)"
        }
        return "\(milliseconds)ms"
    }
}
