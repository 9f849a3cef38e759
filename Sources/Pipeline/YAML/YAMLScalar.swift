public import Records

/// The text of a scalar, with quotes, escapes and indentation taken away, and how it was written.
public struct YAMLScalar: Sendable, Hashable {
    /// How a scalar is written.
    public enum Style: Sendable, Hashable {
        case plain
        case singleQuoted
        case doubleQuoted
        /// A block after `|`.
        case literal
        /// A block after `>`.
        case folded
    }

    /// What it says.
    public var text: String
    /// How it is written.
    public var style: Style

    /// A scalar; see its properties.
    public init(_ text: String, style: Style) {
        self.text = text
        self.style = style
    }

    /// What the scalar means under the core schema of YAML 1.2 (section 10.3.2); only plain scalars can be anything but strings.
    public var resolved: Value {
        style == .plain ? CoreSchema.resolve(text) : .string(text)
    }
}

/// Tag resolution of plain scalars: YAML 1.2.2, section 10.3.2.
enum CoreSchema {
    static func resolve(_ text: String) -> Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, numberStarts.contains(first) else { return .string(text) }
        return integer(text) ?? float(text) ?? .string(text)
    }

    private static let numberStarts = Set("+-.0123456789".utf8)

    private static func integer(_ text: String) -> Value? {
        if text.hasPrefix("0o") { return radix(text, 8) }
        if text.hasPrefix("0x") { return radix(text, 16) }
        let digits = text.utf8.first.map { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") } == true ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy(isDigit) else { return nil }
        if let small = Int64(text) { return .int(small) }
        let magnitude = digits.drop { $0 == "0" }
        return BigInteger(text.hasPrefix("-") ? "-" + magnitude : String(magnitude)).map { .bigInteger($0) }
    }

    private static func radix(_ text: String, _ radix: Int) -> Value? {
        let digits = text.dropFirst(2)
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        return Int64(digits, radix: radix).map { .int($0) }
    }

    private static func float(_ text: String) -> Value? {
        switch text {
        case ".nan", ".NaN", ".NAN": return .double(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .double(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .double(-.infinity)
        default: return isDecimal(text.utf8) ? Double(text.hasSuffix(".") ? text + "0" : text).map { .double($0) } : nil
        }
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
    private static func isDecimal(_ text: String.UTF8View) -> Bool {
        var rest = text[...]
        func skipSign() { if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() } }
        func skipDigits() -> Bool {
            let after = rest.drop(while: isDigit)
            defer { rest = after }
            return after.count < rest.count
        }
        skipSign()
        var hasDigits = skipDigits()
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            hasDigits = skipDigits() || hasDigits
        }
        guard hasDigits else { return false }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            skipSign()
            guard skipDigits() else { return false }
        }
        return rest.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
