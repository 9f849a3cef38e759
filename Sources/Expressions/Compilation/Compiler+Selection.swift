import Records

extension Compiler {
    /// `operand.field` and `operand.?field` where the operand is no plain path.
    mutating func select(
        _ operand: Syntax, _ field: String, isOptional: Bool, _ span: SourceSpan
    ) throws(ExpressionError) -> Compiled {
        let operand = try compile(operand)
        try requireFields(operand, field, span)
        let evaluate = operand.evaluate
        let isChained = isOptional || operand.type == .optional
        let compiled = Compiled(span, isChained ? .optional : .dynamic) { (frame) throws(EvaluationError) in
            let value = try evaluate(&frame)
            do throws(Fault) {
                return isOptional ? try value.optionalField(field) : try value.field(field)
            } catch {
                throw EvaluationError(error, at: span)
            }
        }
        guard let path = operand.fixedPath else { return compiled }
        return isOptional ? compiled.readingOptional(field, of: path) : compiled.reading(path.field(field))
    }

    /// `operand[index]` and `operand[?index]`.
    mutating func index(
        _ operand: Syntax, _ index: Syntax, isOptional: Bool, _ span: SourceSpan
    ) throws(ExpressionError) -> Compiled {
        let (operand, index) = (try compile(operand), try compile(index))
        if environment.isChecked, ![StaticType.list, .map, .optional].contains(where: operand.type.canBe) {
            throw ExpressionError("\(operand.type.words) has no elements", at: operand.span)
        }
        let (container, key) = (operand.evaluate, index.evaluate)
        let isChained = isOptional || operand.type == .optional
        let compiled = Compiled(span, isChained ? .optional : .dynamic) { (frame) throws(EvaluationError) in
            let (value, position) = (try container(&frame), try key(&frame))
            do throws(Fault) {
                return isOptional ? try value.optionalElement(position) : try value.element(position)
            } catch {
                throw EvaluationError(error, at: span)
            }
        }
        guard !isOptional, let path = operand.fixedPath else { return compiled }
        switch index.literal {
        case .int(let position): return Int(exactly: position).map { compiled.reading(path.element($0)) } ?? compiled
        case .string(let name): return compiled.reading(path.field(name))
        default: return compiled
        }
    }

    /// `has(operand.field)`: an error of the operand stays one.
    mutating func presence(
        _ operand: Syntax, _ field: String, _ isOptional: Bool, _ span: SourceSpan
    ) throws(ExpressionError) -> Compiled {
        if case .name("meta", _) = operand.kind, case .meta? = environment.variables["meta"]?.source, local("meta") == nil,
            let metaField = MetaField(rawValue: field)
        {
            references += 1
            return Compiled(span, .bool) { frame in .bool(frame.record.flatMap { metaField.value(of: $0.pointee) } != nil) }
        }
        let reads = readFields.count
        let operand = try compile(operand)
        if let path = operand.recordPath, readFields.count == reads + 1 { readFields[reads] = path + [field] }
        try requireFields(operand, field, span)
        let evaluate = operand.evaluate
        let compiled = Compiled(span, .bool) { (frame) throws(EvaluationError) in
            let value = try evaluate(&frame)
            do throws(Fault) {
                guard case .optional(let content)? = try value.optionalField(field) as CELValue? else { return .bool(false) }
                return .bool(content != nil)
            } catch {
                throw EvaluationError(error, at: span)
            }
        }
        return operand.fixedPath.map { compiled.readingPresence(field, of: $0) } ?? compiled
    }

    private func requireFields(_ operand: Compiled, _ field: String, _ span: SourceSpan) throws(ExpressionError) {
        guard environment.isChecked, ![StaticType.map, .optional].contains(where: operand.type.canBe) else { return }
        throw ExpressionError("\(operand.type.words) has no field `\(field)`", at: span)
    }
}

extension CELValue {
    /// `.field`; on an optional the answer is an optional too.
    func field(_ name: String) throws(Fault) -> CELValue {
        switch self {
        case .map(let map):
            guard let value = map[name] else { throw .missingField(name) }
            return value
        case .optional: return try optionalField(name)
        default: throw .expected("a map with a field `\(name)`", got: typeName)
        }
    }

    /// `.?field`.
    func optionalField(_ name: String) throws(Fault) -> CELValue {
        switch self {
        case .map(let map): return .optional(map[name])
        case .optional(nil): return self
        case .optional(let content?): return try content.optionalField(name)
        default: throw .expected("a map with a field `\(name)`", got: typeName)
        }
    }

    /// `[key]`; on an optional the answer is an optional too.
    func element(_ key: CELValue) throws(Fault) -> CELValue {
        switch self {
        case .map(let map):
            guard let value = CELKey(lookup: key).flatMap({ map[$0] }) else { throw .missingKey(key) }
            return value
        case .list(let list):
            let index = try key.listIndex()
            guard index >= 0, index < list.count else { throw .indexOutOfRange(index, count: list.count) }
            return list[Int(index)]
        case .optional: return try optionalElement(key)
        default: throw .noOverload("[]", self, key)
        }
    }

    /// `[?key]`.
    func optionalElement(_ key: CELValue) throws(Fault) -> CELValue {
        switch self {
        case .map(let map): return .optional(CELKey(lookup: key).flatMap { map[$0] })
        case .list(let list):
            let index = try key.listIndex()
            return .optional(index >= 0 && index < list.count ? list[Int(index)] : nil)
        case .optional(nil): return self
        case .optional(let content?): return try content.optionalElement(key)
        default: throw .noOverload("[?]", self, key)
        }
    }

    /// Any number that is whole.
    private func listIndex() throws(Fault) -> Int64 {
        switch self {
        case .int(let index): return index
        case .uint(let index): return Int64(clamping: index)
        case .double(let number):
            guard let index = Int64(exactly: number) else { throw .other("\(number) is no index of a list") }
            return index
        default: throw .expected("an int as index of a list", got: typeName)
        }
    }
}
