import OrderedCollections
import Records

/// Reads logfmt, `level=info msg="it works" debug`: a key alone is true, everything else text. Of a key given twice the last value wins.
///
/// https://pkg.go.dev/github.com/kr/logfmt
enum LogfmtReader {
    /// Nil where there is no key in it, or a quote is not closed.
    static func read(_ text: String) -> ValueMap? {
        var fields: ValueMap = [:]
        var rest = Array(text.utf8)[...]
        while let first = rest.first {
            guard first > 0x20 else {
                rest.removeFirst()
                continue
            }
            let key = rest.prefix { $0 > 0x20 && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"") }
            rest = rest.dropFirst(key.count)
            guard !key.isEmpty else { return nil }
            let name = String(decoding: key, as: UTF8.self)
            guard rest.first == UInt8(ascii: "=") else {
                fields[name] = .bool(true)
                continue
            }
            rest.removeFirst()
            guard let value = value(&rest) else { return nil }
            fields[name] = .string(value)
        }
        return fields.isEmpty ? nil : fields
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard rest.first == UInt8(ascii: "\"") else {
            let bare = rest.prefix { $0 > 0x20 }
            rest = rest.dropFirst(bare.count)
            return String(decoding: bare, as: UTF8.self)
        }
        rest.removeFirst()
        var content: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                switch escaped {
                case UInt8(ascii: "n"): content.append(0x0A)
                case UInt8(ascii: "t"): content.append(0x09)
                case UInt8(ascii: "r"): content.append(0x0D)
                default: content.append(escaped)
                }
            default: content.append(byte)
            }
        }
        return nil
    }
}
