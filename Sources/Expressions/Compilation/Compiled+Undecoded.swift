import Records

/// Reading from records that are not decoded. What is looked for is nearly always there; where it is not, the evaluator that works on
/// decoded records finds out what is to be said of it.
extension Compiled {
    /// The same, read from JSON without decoding more than what the path leads to.
    func reading(_ path: ValuePath) -> Compiled {
        let evaluate = evaluate
        var compiled = replacing { (frame) throws(EvaluationError) in
            if let node = frame.node(at: path) {
                let value = CELValue(node)
                // Decoded anew with every look: a loop pays for that.
                if node.kind == .list || node.kind == .map { frame.budget.spend(value.weight(upTo: frame.budget.rest)) }
                return value
            }
            return try evaluate(&frame)
        }
        compiled.fixedPath = path
        return compiled
    }

    /// The same for a field that need not be there.
    func readingOptional(_ field: String, of path: ValuePath) -> Compiled {
        let evaluate = evaluate
        let fieldPath = path.field(field)
        return replacing { (frame) throws(EvaluationError) in
            guard let map = frame.node(at: path), map.kind == .map else { return try evaluate(&frame) }
            return .optional(frame.node(at: fieldPath).map { CELValue($0) })
        }
    }

    /// The same for the question whether a field is there.
    func readingPresence(_ field: String, of path: ValuePath) -> Compiled {
        let evaluate = evaluate
        let fieldPath = path.field(field)
        return replacing { (frame) throws(EvaluationError) in
            guard let map = frame.node(at: path), map.kind == .map else { return try evaluate(&frame) }
            return .bool(frame.node(at: fieldPath) != nil)
        }
    }

    /// The same for the test of a text against one that is written in the expression: neither is copied.
    func readingText(_ name: String, _ operands: [Compiled]) -> Compiled {
        guard operands.count == 2, let test = TextTest(rawValue: name), let path = operands[0].fixedPath,
            case .string(let text)? = operands[1].literal
        else { return self }
        let evaluate = evaluate
        let part = Array(text.utf8)
        var compiled = replacing { (frame) throws(EvaluationError) in
            guard let node = frame.node(at: path), node.kind == .string else { return try evaluate(&frame) }
            frame.budget.spend(node.string.count / 16)
            return .bool(part.withUnsafeBufferPointer { test.holds(of: node.string, $0) })
        }
        compiled.quick = QuickCondition(of: path) { node in
            node.kind == .string ? part.withUnsafeBufferPointer { test.holds(of: node.string, $0) } : nil
        }
        return compiled
    }

    private func replacing(_ evaluate: @escaping Evaluator) -> Compiled {
        var compiled = Compiled(span, type, evaluate)
        compiled.recordPath = recordPath
        compiled.pathSpans = pathSpans
        return compiled
    }
}

/// The tests of a text against a part of it, which compare bytes.
private enum TextTest: String {
    case startsWith, endsWith, contains

    func holds(of text: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>) -> Bool {
        switch self {
        case .startsWith: text.count >= part.count && text.prefix(part.count).elementsEqual(part)
        case .endsWith: text.count >= part.count && text.suffix(part.count).elementsEqual(part)
        case .contains: firstOffset(of: part, in: text) != nil
        }
    }
}

extension Frame {
    /// What a path leads to in a record that is not decoded; nil where the record is decoded, or nothing is there.
    @inline(__always)
    mutating func node(at path: ValuePath?) -> JSONNode? {
        guard let path, let record, case .json(let text) = record.pointee.content else { return nil }
        // Names are looked for one after the other.
        budget.spend(text.bytes.count / 2_048)
        return text.root.find(path)
    }
}
