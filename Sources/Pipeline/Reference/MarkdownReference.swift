import Processors

/// The reference tables of the README, from the declarations.
public struct MarkdownReference: Sendable {
    private let catalogue: Catalogue

    /// Tables of everything in the catalogue.
    public init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// The tables by the names that `<!-- generated: NAME -->` markers use.
    public var tables: [(name: String, text: String)] {
        [
            ("sections", Self.table(["key", "", "what"], sections)),
            ("aws", Self.options(AWSDefaults.fieldDescriptions)),
            ("sources", catalogue.sources.map(Self.component).joined(separator: "\n")),
            ("steps", steps),
            ("sinks", catalogue.sinks.map(Self.component).joined(separator: "\n")),
            ("processors", processors),
            ("stores", stores),
        ]
    }

    private var sections: [[String]] {
        Section.allCases.map { [Self.code($0.rawValue), $0.isRequired ? "required" : "", $0.summary] }
    }

    private var steps: String {
        let overview = Self.table(
            ["step", "example", "what"],
            catalogue.steps.map { [Self.code($0.kind), $0.example.isEmpty ? "" : Self.code($0.example), $0.summary] })
        let details = catalogue.steps.filter { !$0.fields.isEmpty }.map { "Options of `\($0.kind)`:\n\n" + Self.options($0.fields) }
        return ([overview] + details).joined(separator: "\n")
    }

    private var stores: String {
        catalogue.checkpointStores.enumerated().map { index, store in
            Self.component(store, note: index == 0 ? " The default." : "")
        }.joined(separator: "\n")
    }

    private var processors: String {
        let builtIn = Self.table(
            ["name", "in async-kinesis", "what"],
            ProcessorSpec.builtIn.map { [Self.code($0.name), $0.pythonName.map(Self.code) ?? "", $0.summary] })
        return builtIn + "\nOptions of your own processors:\n\n" + Self.options(ProcessorConfig.fieldDescriptions)
    }

    private static func component(_ declaration: ComponentDeclaration) -> String { component(declaration, note: "") }

    private static func component(_ declaration: ComponentDeclaration, note: String) -> String {
        let head = "**`\(declaration.kind)`**: \(declaration.summary)\(note)\n"
        return declaration.fields.isEmpty ? head : head + "\n" + options(declaration.fields)
    }

    private static func options(_ fields: [FieldDescription]) -> String {
        table(["option", "default", "what"], fields.flatMap { rows($0, prefix: "") })
    }

    /// The option, and below it those inside of it: `rotate`, `rotate.size`.
    private static func rows(_ field: FieldDescription, prefix: String) -> [[String]] {
        let name = prefix + field.name
        let row = [code(name), defaultCell(field), field.summary + choices(field.shape)]
        return [row] + field.shape.fields.flatMap { rows($0, prefix: name + ".") }
    }

    private static func defaultCell(_ field: FieldDescription) -> String {
        field.isRequired ? "required" : field.otherwise ?? field.defaultText.map(code) ?? ""
    }

    private static func choices(_ shape: ConfigShape) -> String {
        guard case .choice(let words) = shape else { return "" }
        return " One of \(words.map(code).joined(separator: ", "))."
    }

    private static func code(_ text: String) -> String { "`\(text)`" }

    /// A table of GitHub-flavoured Markdown; bars inside of cells are escaped.
    public static func table(_ heads: [String], _ rows: [[String]]) -> String {
        let lines = [heads, heads.map { _ in "---" }] + rows.map { $0.map { $0.replacing("|", with: "\\|") } }
        return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }
}
