public import Pipeline

/// The way to a field of a record: `customer.address.city`. A name with a dot in it stands between backticks: `` labels.`k8s.io/name` ``.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    /// One at least, none of them empty.
    public let names: [String]

    /// Throws a sentence that says what is wrong with the text.
    init(_ text: String) throws(Malformed) {
        var names: [String] = []
        var rest = text[...]
        while true {
            if rest.first == "`" {
                guard let end = rest.dropFirst().firstIndex(of: "`") else { throw Malformed(reason: "a backtick is not closed") }
                names.append(String(rest[rest.index(after: rest.startIndex)..<end]))
                rest = rest[rest.index(after: end)...]
                guard rest.isEmpty || rest.first == "." else { throw Malformed(reason: "a dot is missing after a backtick") }
            } else {
                names.append(String(rest.prefix { $0 != "." }))
                rest = rest.dropFirst(names[names.count - 1].count)
                if names[names.count - 1].contains(where: { "`[]\"' ".contains($0) }) {
                    throw Malformed(reason: "a name with anything but letters, digits, `_` and `-` stands between backticks")
                }
            }
            guard names.last?.isEmpty == false else { throw Malformed(reason: "a name is empty") }
            guard !rest.isEmpty else { break }
            rest = rest.dropFirst()
        }
        self.names = names
    }

    init(names: [String]) {
        self.names = names
    }

    /// Why a text is no path.
    struct Malformed: Error {
        let reason: String
    }

    /// Whether this is `other` or lies on the way to it.
    func contains(_ other: FieldPath) -> Bool {
        other.names.starts(with: names)
    }

    /// The first names of the path.
    func prefix(_ count: Int) -> FieldPath {
        FieldPath(names: Array(names.prefix(count)))
    }

    /// As pipeline files write it.
    public var description: String {
        names.map { $0.contains(where: { ".`[]\"' ".contains($0) }) ? "`\($0)`" : $0 }.joined(separator: ".")
    }
}

extension FieldPath: ConfigValue {
    /// What is accepted, for messages.
    public static var expectation: String { "the path of a field such as customer.name" }

    /// A path is text.
    public static var shape: ConfigShape { .string }

    /// As `description`.
    public var configText: String? { description }

    /// A path with its mistakes reported at the node.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> FieldPath? {
        guard let text = String.decode(node, in: &context) else { return nil }
        return decode(text, at: node.mark, in: &context)
    }

    /// A path that is the key of a mapping.
    static func decode(_ key: YAMLKey, in context: inout DecodingContext) -> FieldPath? {
        decode(key.text, at: key.mark, in: &context)
    }

    private static func decode(_ text: String, at mark: Mark, in context: inout DecodingContext) -> FieldPath? {
        do throws(Malformed) {
            let path = try FieldPath(text)
            if path.names.count > 1, path.names[0] == "record" {
                context.report(
                    Diagnostic(
                        "path_from_record", "`\(text)` is a field inside of a field named `record`", at: mark.location, severity: .warning,
                        hint: "paths begin below the record: write `\(FieldPath(names: Array(path.names.dropFirst())))`"))
            }
            return path
        } catch {
            context.report(
                Diagnostic("invalid_path", "expected \(expectation), found `\(text)`: \(error.reason)", at: mark.location))
            return nil
        }
    }
}
