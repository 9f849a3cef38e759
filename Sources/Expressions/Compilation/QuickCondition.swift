import Records

/// A condition as nearly every record answers it: straight from parsed JSON, without a frame, a value, or a count of steps.
///
/// It knows fields that are compared with words and numbers, tests of texts, and what joins them. Of whatever else a record holds it says
/// nothing, and the evaluator decides, with its errors.
struct QuickCondition: Sendable {
    /// The fields that may be looked for; each look goes through a record once.
    let looks: Int
    /// Whether it holds; nil where it does not know.
    let holds: @Sendable (JSONNode) -> Bool?

    /// A question about what a path leads to; where nothing is there, it is not known.
    init(of path: ValuePath, _ answer: @escaping @Sendable (JSONNode) -> Bool?) {
        looks = 1
        holds = { root in root.find(path).flatMap(answer) }
    }

    /// Knows nothing.
    static let unknown = QuickCondition(looks: .max) { _ in nil }

    private init(looks: Int, _ holds: @escaping @Sendable (JSONNode) -> Bool?) {
        self.looks = looks
        self.holds = holds
    }

    static prefix func ! (operand: QuickCondition) -> QuickCondition {
        let holds = operand.holds
        return QuickCondition(looks: operand.looks) { root in holds(root).map { !$0 } }
    }

    /// `&&` or `||`: what decides on the left needs no right.
    func joined(_ other: QuickCondition, decidedBy deciding: Bool) -> QuickCondition {
        let (first, second) = (holds, other.holds)
        return QuickCondition(looks: looks + other.looks) { root in
            guard let left = first(root) else { return nil }
            return left == deciding ? deciding : second(root)
        }
    }

    /// The bytes of the longest text for which this takes no longer than an evaluation may.
    var longestText: Int { Limits.quickBytes / looks }
}

extension Compiled {
    /// This as a condition: its own, or the field itself where it is a bool.
    var quickCondition: QuickCondition? {
        quick ?? fixedPath.map { path in QuickCondition(of: path) { $0.kind == .bool ? $0.bool : nil } }
    }
}
