import JSON
import OrderedCollections
import Records

/// JSON for people and for diffs: an element a line, unless a collection fits on one.
enum IndentedJSON {
    private static let width = 100

    static func text(_ value: Value) throws(JSONError) -> String { try text(value, column: 0, indent: "") + "\n" }

    private static func text(_ value: Value, column: Int, indent: String) throws(JSONError) -> String {
        let line = try line(value)
        guard column + line.count > width else { return line }
        let deeper = indent + "  "
        var elements: [String] = []
        switch value {
        case .list(let items):
            for item in items { elements.append(try text(item, column: deeper.count, indent: deeper)) }
            return block(elements, "[", "]", indent, deeper)
        case .map(let map):
            for (key, value) in map {
                let head = "\(try scalar(.string(key))): "
                elements.append(head + (try text(value, column: deeper.count + head.count, indent: deeper)))
            }
            return block(elements, "{", "}", indent, deeper)
        default: return line
        }
    }

    private static func block(_ elements: [String], _ open: String, _ close: String, _ indent: String, _ deeper: String) -> String {
        "\(open)\n" + elements.map { deeper + $0 }.joined(separator: ",\n") + "\n\(indent)\(close)"
    }

    private static func line(_ value: Value) throws(JSONError) -> String {
        switch value {
        case .list(let items):
            var elements: [String] = []
            for item in items { elements.append(try line(item)) }
            return "[\(elements.joined(separator: ", "))]"
        case .map(let map):
            var elements: [String] = []
            for (key, value) in map { elements.append("\(try scalar(.string(key))): \(try line(value))") }
            return "{\(elements.joined(separator: ", "))}"
        default: return try scalar(value)
        }
    }

    private static func scalar(_ value: Value) throws(JSONError) -> String {
        String(decoding: try JSON.bytes(value), as: UTF8.self)
    }
}
