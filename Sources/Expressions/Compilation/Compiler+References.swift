import OrderedCollections
import Records

extension Compiler {
    /// A name with whatever is selected from it.
    mutating func reference(_ syntax: Syntax) throws(ExpressionError) -> Compiled {
        if let chain = NameChain(syntax), chain.isRooted || local(chain.names[0]) == nil {
            if let found = try variable(at: chain) { return found }
        }
        switch syntax.kind {
        case .name(let name, let isRooted):
            references += 1
            if !isRooted, let (slot, type) = local(name) {
                return Compiled(syntax.span, type) { $0.locals[slot] }
            }
            return try unknownName(name, syntax.span)
        case .select(let operand, let field, let isOptional):
            return try select(operand, field, isOptional: isOptional, syntax.span)
        case .index(let operand, let index, let isOptional):
            return try self.index(operand, index, isOptional: isOptional, syntax.span)
        default:
            preconditionFailure("a reference is a name, a selection or an index")
        }
    }

    /// The variable or type with the longest name that the chain begins with, provided the chain ends there or the rest are its fields.
    private mutating func variable(at chain: NameChain) throws(ExpressionError) -> Compiled? {
        for count in stride(from: chain.names.count, through: 1, by: -1) {
            let name = chain.names[..<count].joined(separator: ".")
            for candidate in environment.candidates(for: name, isRooted: chain.isRooted) {
                if let variable = environment.variables[candidate] {
                    return try self.variable(variable, named: candidate, chain, from: count)
                }
                if count == chain.names.count, let type = CELType(rawValue: candidate) {
                    return Compiled(chain.spans[count - 1], literal: .type(type))
                }
            }
        }
        return nil
    }

    private mutating func variable(
        _ variable: ExpressionEnvironment.Variable, named name: String, _ chain: NameChain, from count: Int
    ) throws(ExpressionError) -> Compiled? {
        references += 1
        let span = chain.spans[count - 1]
        let rest = Array(chain.names[count...])
        switch variable.source {
        case .record:
            readFields.append(rest)
            return recordPath(rest, Array(chain.spans[count...]), root: span)
        case .meta:
            guard let field = rest.first else {
                return Compiled(span, .map) { (frame) throws(EvaluationError) in MetaField.map(of: try frame.record(name, span).pointee) }
            }
            // What is selected from a field of `meta` is left to `select`, which comes back here for the field.
            guard rest.count == 1 else { return nil }
            return try metaField(field, chain.fieldSpan(count), chain.spans[count])
        case .slot(let slot):
            guard rest.isEmpty else { return nil }
            return Compiled(span, variable.type) { (frame) throws(EvaluationError) in
                guard let value = frame.variables[slot] else { throw EvaluationError(.unknownName(name), at: span) }
                return value
            }
        }
    }

    /// A look-up from the record downwards that never leaves the data model.
    private func recordPath(_ path: [String], _ spans: [SourceSpan], root: SourceSpan) -> Compiled {
        let span = spans.last ?? root
        let evaluate: Evaluator
        if path.count == 1 {
            let name = path[0]
            evaluate = { (frame) throws(EvaluationError) in
                CELValue(try frame.decodedRecord(root).lookUp(name, span))
            }
        } else {
            evaluate = { (frame) throws(EvaluationError) in
                CELValue(try frame.decodedRecord(root).lookUp(path, spans))
            }
        }
        var compiled = Compiled(span, .dynamic, evaluate).reading(ValuePath(path))
        compiled.recordPath = path
        compiled.pathSpans = spans
        return compiled
    }

    private func metaField(_ name: String, _ nameSpan: SourceSpan, _ span: SourceSpan) throws(ExpressionError) -> Compiled {
        guard let field = MetaField(rawValue: name) else {
            let known = MetaField.allCases.map(\.rawValue)
            let hint = Spelling.nearest(to: name, among: known).map { "did you mean `\($0)`?" } ?? "it has \(known.joined(separator: ", "))"
            return try reject(
                ExpressionError("`meta` has no field `\(name)`", at: nameSpan, hint: hint), span, as: .missingField(name))
        }
        return Compiled(span, field.type) { (frame) throws(EvaluationError) in
            guard let value = field.value(of: try frame.record("meta", span).pointee) else {
                throw EvaluationError(.missingField(name), at: span)
            }
            return value
        }
    }

    private func unknownName(_ name: String, _ span: SourceSpan) throws(ExpressionError) -> Compiled {
        let known = environment.variables.keys.sorted() + scope.map(\.name)
        let hint =
            Spelling.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
            ?? (environment.variables["record"] == nil ? nil : "a field of the record is `record.\(name)`")
        return try reject(ExpressionError("unknown name `\(name)`", at: span, hint: hint), span, as: .unknownName(name))
    }
}

extension Frame {
    /// The whole record, at the cost of decoding it where it is not.
    fileprivate mutating func decodedRecord(_ span: SourceSpan) throws(EvaluationError) -> Value {
        let pointer = try self.record("record", span)
        if case .json(let text) = pointer.pointee.content { budget.spend(text.bytes.count / 32) }
        return pointer.pointee.value
    }

    /// The record, which there is wherever the environment has one.
    fileprivate func record(_ name: String, _ span: SourceSpan) throws(EvaluationError) -> UnsafePointer<Record> {
        guard let record else { throw EvaluationError(.unknownName(name), at: span) }
        return record
    }
}

extension Value {
    func lookUp(_ path: [String], _ spans: [SourceSpan]) throws(EvaluationError) -> Value {
        var current = self
        for index in path.indices {
            current = try current.lookUp(path[index], spans[index])
        }
        return current
    }

    @inline(__always)
    func lookUp(_ name: String, _ span: SourceSpan) throws(EvaluationError) -> Value {
        guard case .map(let map) = self else { throw EvaluationError(.expected("a map with a field `\(name)`", got: typeName), at: span) }
        guard let value = map[name] else { throw EvaluationError(.missingField(name), at: span) }
        return value
    }
}

/// Names joined by dots: `a.b.c`.
struct NameChain {
    private(set) var names: [String] = []
    /// From the beginning of the chain to the end of each name.
    private(set) var spans: [SourceSpan] = []
    private(set) var isRooted = false

    /// Nil for anything else than plain selections from a name.
    init?(_ syntax: Syntax) {
        var current = syntax
        while true {
            spans.append(current.span)
            switch current.kind {
            case .name(let name, let isRooted):
                names.append(name)
                self.isRooted = isRooted
                names.reverse()
                spans.reverse()
                return
            case .select(let operand, let field, isOptional: false):
                names.append(field)
                current = operand
            default:
                return nil
            }
        }
    }

    /// The name at `index` alone, without the dot before it.
    func fieldSpan(_ index: Int) -> SourceSpan {
        SourceSpan(offset: spans[index].end - names[index].utf8.count, length: names[index].utf8.count)
    }
}
