/// What bounds the time and the memory that an expression can take, whatever is written in it and whatever a record holds.
///
/// Regular expressions have limits of their own: `Pattern.maximumLength` and `Pattern.maximumMemory`.
enum Limits {
    /// UTF-8 bytes of one expression.
    static let expressionLength = 64 * 1024
    /// Levels of the syntax tree, and of brackets: everything recurses along the tree, and threads have small stacks.
    static let nesting = 200
    /// Steps of one evaluation, at tens of nanoseconds each. A step pays for an element that is visited, compared or built, for a few
    /// operations of what a comprehension does with it, and for 16 bytes of text.
    static let evaluationSteps = 1_000_000
    /// The same of the evaluation of a part without variables, while the expression is compiled.
    static let foldingSteps = 10_000
    /// What the result of one evaluation weighs: a unit for each value in it, and one for 16 bytes of its texts.
    static let resultWeight = 1_000_000
    /// Steps that a regular expression costs that is known only at evaluation and has to be compiled there.
    static let patternSteps = 10_000
    /// The bytes of JSON that are looked through for one condition without a count: about a millisecond.
    static let quickBytes = 1 << 20
}
