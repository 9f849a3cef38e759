/// The names that an expression can use.
public struct ExpressionEnvironment: Sendable {
    struct Variable: Sendable {
        enum Source: Sendable {
            case record
            case meta
            /// A value handed over with every evaluation.
            case slot(Int)
        }

        let source: Source
        let type: StaticType
    }

    let variables: [String: Variable]
    /// The namespace in which names are looked up first: `a.b` tries `a.b.name`, `a.name`, `name`.
    let container: String
    /// False where unknown names and types that cannot fit are to fail at evaluation only.
    let isChecked: Bool

    /// `record`, the decoded record, and `meta`, where it comes from.
    public static let record = ExpressionEnvironment(
        variables: [
            "record": Variable(source: .record, type: .dynamic),
            "meta": Variable(source: .meta, type: .known(.map)),
        ],
        container: "", isChecked: true)

    /// Other variables of any type, whose values come with every evaluation in the order of `names`.
    public static func variables(_ names: [String]) -> ExpressionEnvironment {
        variables(names.map { ($0, .dynamic) }, container: "", isChecked: true)
    }

    static func variables(_ declarations: [(String, StaticType)], container: String, isChecked: Bool) -> ExpressionEnvironment {
        var variables: [String: Variable] = [:]
        for (slot, declaration) in declarations.enumerated() {
            variables[declaration.0] = Variable(source: .slot(slot), type: declaration.1)
        }
        return ExpressionEnvironment(variables: variables, container: container, isChecked: isChecked)
    }

    /// The names that `name` may stand for, the innermost first.
    func candidates(for name: String, isRooted: Bool) -> [String] {
        guard !isRooted, !container.isEmpty else { return [name] }
        var candidates: [String] = []
        var scope = container[...]
        while !scope.isEmpty {
            candidates.append("\(scope).\(name)")
            scope = scope[..<(scope.lastIndex(of: ".") ?? scope.startIndex)]
        }
        return candidates + [name]
    }
}
