/// A part of an expression as it was written, macros expanded.
struct Syntax: Sendable {
    let kind: Kind
    let span: SourceSpan
    /// Levels below this one, bounded by the parser: everything after it recurses along the tree.
    let height: Int

    indirect enum Kind: Sendable {
        case literal(CELValue)
        /// `isRooted`: written with a leading dot, looked up outside of containers and comprehensions.
        case name(String, isRooted: Bool)
        case select(Syntax, field: String, isOptional: Bool)
        /// `has(operand.field)`.
        case presence(Syntax, field: String, isOptional: Bool)
        case index(Syntax, Syntax, isOptional: Bool)
        case call(String, target: Syntax?, arguments: [Syntax])
        case not(Syntax)
        case negate(Syntax)
        case binary(BinaryOperator, Syntax, Syntax)
        case and(Syntax, Syntax)
        case or(Syntax, Syntax)
        case conditional(Syntax, then: Syntax, otherwise: Syntax)
        case list([ListEntry])
        case map([MapEntry])
        case comprehension(Comprehension)
        case bind(String, Syntax, body: Syntax)
        /// `optMap` and `optFlatMap`: the body sees the content of the optional by this name.
        case unwrap(String, Syntax, body: Syntax, isFlat: Bool)
    }

    struct ListEntry: Sendable {
        let value: Syntax
        let isOptional: Bool
    }

    struct MapEntry: Sendable {
        let key: Syntax
        let value: Syntax
        let isOptional: Bool
    }

    struct Comprehension: Sendable {
        enum Form: Sendable {
            case all, exists, existsOne, filter, transformList, transformMap
        }

        let form: Form
        let range: Syntax
        /// One or two names. With one: the element of a list, the key of a map. With two: index and element, key and value.
        let variables: [String]
        let condition: Syntax?
        let transform: Syntax?
    }
}

/// Operators that evaluate both of their operands.
enum BinaryOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contained = "in"
}
