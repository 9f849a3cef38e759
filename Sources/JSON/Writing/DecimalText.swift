import CSimdjson

/// Numbers as decimal digits.
enum DecimalText {
    static func append(_ integer: Int64, to output: inout TextBuffer) {
        if integer < 0 { output.append(UInt8(ascii: "-")) }
        append(integer.magnitude, to: &output)
    }

    static func append(_ magnitude: UInt64, to output: inout TextBuffer) {
        // 2^64 - 1 has 20 digits.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = digits.count
            var rest = magnitude
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            output.append(UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// A finite double as Python's `repr`: the fewest digits that read back the same, with an exponent below 1e-4 and from 1e16 on,
    /// and always with a point or an exponent, so that it reads back as a double.
    static func append(_ double: Double, to output: inout TextBuffer) {
        if double.sign == .minus { output.append(UInt8(ascii: "-")) }
        let magnitude = double.magnitude
        // Below 2^53 a whole double has its integer's digits.
        if magnitude < 9_007_199_254_740_992, magnitude == magnitude.rounded(.towardZero) {
            append(UInt64(magnitude), to: &output)
            output.append(".0")
        } else {
            appendShortest(magnitude, to: &output)
        }
    }

    private static func appendShortest(_ magnitude: Double, to output: inout TextBuffer) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
            guard let start = buffer.baseAddress else { return }
            var point: Int32 = 0
            let count = csimdjson_shortest_digits(magnitude, start, &point)
            start.withMemoryRebound(to: UInt8.self, capacity: count) { digits in
                append(UnsafeBufferPointer(start: digits, count: count), point: Int(point), to: &output)
            }
        }
    }

    /// Appends 0.DIGITS × 10^point.
    private static func append(_ digits: UnsafeBufferPointer<UInt8>, point: Int, to output: inout TextBuffer) {
        switch point {
        case -3...0:
            output.append("0.")
            output.append(UInt8(ascii: "0"), times: -point)
            output.append(digits)
        case 1...16 where digits.count > point:
            output.append(UnsafeBufferPointer(rebasing: digits[..<point]))
            output.append(UInt8(ascii: "."))
            output.append(UnsafeBufferPointer(rebasing: digits[point...]))
        case 1...16:
            output.append(digits)
            output.append(UInt8(ascii: "0"), times: point - digits.count)
            output.append(".0")
        default:
            output.append(digits[0])
            if digits.count > 1 {
                output.append(UInt8(ascii: "."))
                output.append(UnsafeBufferPointer(rebasing: digits[1...]))
            }
            output.append(point > 0 ? "e+" : "e-")
            let exponent = (point - 1).magnitude
            if exponent < 10 { output.append(UInt8(ascii: "0")) }
            append(UInt64(exponent), to: &output)
        }
    }
}
