import OrderedCollections
import Processors
public import Records

/// What `list` prints: the kinds of components, and their options.
public struct ComponentListing: Sendable {
    /// Of what kinds there are lists.
    public enum Group: String, Sendable, CaseIterable {
        case sources, sinks, steps, processors, stores
    }

    /// A component as it is listed.
    struct Entry {
        var name: String
        var summary: String
        var example = ""
        var fields: [FieldDescription] = []
    }

    private let catalogue: Catalogue

    /// Lists what is in the catalogue.
    public init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    func entries(_ group: Group) -> [Entry] {
        switch group {
        case .sources: catalogue.sources.map(Self.entry)
        case .sinks: catalogue.sinks.map(Self.entry)
        case .stores: catalogue.checkpointStores.map(Self.entry)
        case .steps: catalogue.steps.map { Entry(name: $0.kind, summary: $0.summary, example: $0.example, fields: $0.fields) }
        case .processors: ProcessorSpec.builtIn.map { Entry(name: $0.name, summary: $0.summary) }
        }
    }

    private static func entry(_ declaration: ComponentDeclaration) -> Entry {
        Entry(name: declaration.kind, summary: declaration.summary, fields: declaration.fields)
    }

    /// All groups with a line for each component.
    public var overview: String {
        let width = Group.allCases.flatMap(entries).map(\.name.count).max() ?? 0
        return Group.allCases.map { group in
            "\(group.rawValue)\n" + entries(group).map { Self.line($0.name, $0.summary, indent: 2, width: width) }.joined()
        }.joined(separator: "\n")
    }

    /// The components of one group with their options; with a name, that component alone. Nil where there is none of this name.
    public func details(_ group: Group, named name: String? = nil) -> String? {
        let entries = entries(group).filter { name == nil || $0.name == name }
        guard !entries.isEmpty else { return nil }
        return entries.map(Self.text).joined(separator: "\n")
    }

    /// The names in a group, for messages and completions.
    public func names(_ group: Group) -> [String] { entries(group).map(\.name) }

    private static func text(_ entry: Entry) -> String {
        let options = entry.fields.flatMap { rows($0, prefix: "") }
        let width = min(options.map(\.name.count).max() ?? 0, 34)
        let example = entry.example.isEmpty ? "" : "  \(entry.example)\n"
        return "\(entry.name)\n" + wrapped(entry.summary, indent: 2) + example
            + (options.isEmpty ? "" : "\n" + options.map { line($0.name, $0.text, indent: 4, width: width) }.joined())
    }

    private static func rows(_ field: FieldDescription, prefix: String) -> [(name: String, text: String)] {
        let name = prefix + field.name
        let fallback = field.isRequired ? "Required." : (field.otherwise ?? field.defaultText).map { "Default: \($0)." } ?? ""
        let text = [field.summary, "Takes \(field.expectation).", fallback].filter { !$0.isEmpty }.joined(separator: " ")
        return [(name, text)] + field.shape.fields.flatMap { rows($0, prefix: name + ".") }
    }

    private static func line(_ name: String, _ text: String, indent: Int, width: Int) -> String {
        let column = indent + width + 2
        let head = String(repeating: " ", count: indent) + name
        guard head.count + 2 <= column else { return head + "\n" + wrapped(text, indent: column) }
        return head + String(repeating: " ", count: column - head.count) + wrapped(text, indent: column).dropFirst(column)
    }

    /// Lines of at most 100 characters.
    private static func wrapped(_ text: String, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        return TextWrap.lines(text, width: 100 - indent).map { margin + $0 + "\n" }.joined()
    }
}

extension ComponentListing {
    /// The groups with everything that is declared, for programs.
    public var value: Value {
        .map(ValueMap(uniqueKeysWithValues: Group.allCases.map { ($0.rawValue, value($0)) }))
    }

    /// One group, for programs.
    public func value(_ group: Group, named name: String? = nil) -> Value {
        .list(
            entries(group).filter { name == nil || $0.name == name }.map { entry in
                var map: ValueMap = ["name": .string(entry.name), "summary": .string(entry.summary)]
                if !entry.example.isEmpty { map["example"] = .string(entry.example) }
                if !entry.fields.isEmpty { map["options"] = .list(entry.fields.map(Self.value)) }
                return .map(map)
            })
    }

    private static func value(_ field: FieldDescription) -> Value {
        var map: ValueMap = [
            "name": .string(field.name), "summary": .string(field.summary), "takes": .string(field.expectation),
            "required": .bool(field.isRequired),
        ]
        if let text = field.otherwise ?? field.defaultText { map["default"] = .string(text) }
        let inner = field.shape.fields
        if !inner.isEmpty { map["options"] = .list(inner.map(value)) }
        return .map(map)
    }
}
