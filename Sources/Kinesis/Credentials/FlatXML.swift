/// The text of those elements of an XML document that hold nothing but text: all that replies of STS are read for.
///
/// Strict in what it takes: elements must nest, names must be unique among those that hold text, declarations of types (with which entities
/// are defined) are refused. Namespaces and attributes are passed over.
struct FlatXML {
    private var texts: [String: String] = [:]

    subscript(name: String) -> String? { texts[name] }

    /// Nil unless `bytes` is one well-nested element, behind an XML declaration or not.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= 256 << 10 else { return nil }
        var rest = String(decoding: bytes, as: UTF8.self)[...]
        var open: [Substring] = []
        var text: Substring?
        var isDone = false
        while let bracket = rest.firstIndex(of: "<") {
            let between = rest[..<bracket]
            if open.isEmpty, !between.allSatisfy(\.isWhitespace) { return nil }
            guard let end = rest[bracket...].firstIndex(of: ">") else { return nil }
            let tag = rest[rest.index(after: bracket)..<end]
            rest = rest[rest.index(after: end)...]
            switch tag.first {
            case "?" where open.isEmpty && !isDone:
                continue
            case "/":
                guard open.popLast() == tag.dropFirst() else { return nil }
                if text != nil {
                    guard let unescaped = Self.unescaped(between), texts.updateValue(unescaped, forKey: String(tag.dropFirst())) == nil
                    else {
                        return nil
                    }
                }
                text = nil
                isDone = open.isEmpty
            case "!", "?", nil:
                return nil
            default:
                guard !isDone else { return nil }
                let isEmpty = tag.last == "/"
                let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
                guard !name.isEmpty else { return nil }
                if isEmpty {
                    text = nil
                    isDone = open.isEmpty
                } else {
                    open.append(name)
                    text = name
                }
            }
        }
        guard isDone, open.isEmpty, rest.allSatisfy(\.isWhitespace) else { return nil }
    }

    private static func unescaped(_ text: Substring) -> String? {
        var result = ""
        var rest = text
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            guard let end = rest[ampersand...].firstIndex(of: ";") else { return nil }
            switch rest[rest.index(after: ampersand)..<end] {
            case "amp": result += "&"
            case "lt": result += "<"
            case "gt": result += ">"
            case "quot": result += "\""
            case "apos": result += "'"
            default: return nil
            }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}
