import OrderedCollections

extension Compiler {
    mutating func list(_ entries: [Syntax.ListEntry], _ span: SourceSpan) throws(ExpressionError) -> Compiled {
        var parts: [(value: Compiled, isOptional: Bool)] = []
        for entry in entries {
            let value = try compile(entry.value)
            if entry.isOptional { try require(value, toBe: .optional, "an entry after `?`") }
            parts.append((value, entry.isOptional))
        }
        let compiled = parts
        let literals = compiled.compactMap { $0.isOptional ? nil : $0.value.literal }
        if literals.count == compiled.count { return Compiled(span, literal: .list(.computed(literals))) }
        return Compiled(span, .list) { (frame) throws(EvaluationError) in
            var values: [CELValue] = []
            values.reserveCapacity(compiled.count)
            for (part, isOptional) in compiled {
                let value = try part.evaluate(&frame)
                if !isOptional {
                    values.append(value)
                } else if let present = try part.content(of: value) {
                    values.append(present)
                }
            }
            return .list(.computed(values))
        }
    }

    mutating func map(_ entries: [Syntax.MapEntry], _ span: SourceSpan) throws(ExpressionError) -> Compiled {
        var parts: [(key: Compiled, value: Compiled, isOptional: Bool)] = []
        for entry in entries {
            let (key, value) = (try compile(entry.key), try compile(entry.value))
            if environment.isChecked, ![StaticType.string, .int, .uint, .bool].contains(where: key.type.canBe) {
                throw ExpressionError("the key of a map is a string, int, uint or bool, this is \(key.type.words)", at: key.span)
            }
            if entry.isOptional { try require(value, toBe: .optional, "an entry after `?`") }
            parts.append((key, value, entry.isOptional))
        }
        let compiled = parts
        return Compiled(span, .map) { (frame) throws(EvaluationError) in
            var map = OrderedDictionary<CELKey, CELValue>(minimumCapacity: compiled.count)
            for (keyPart, part, isOptional) in compiled {
                let keyValue = try keyPart.evaluate(&frame)
                guard let key = CELKey(literal: keyValue) else {
                    throw EvaluationError(.expected("a string, int, uint or bool as key", got: keyValue.typeName), at: keyPart.span)
                }
                var value = try part.evaluate(&frame)
                if isOptional {
                    guard let present = try part.content(of: value) else { continue }
                    value = present
                }
                guard map.updateValue(value, forKey: key) == nil else {
                    throw EvaluationError(.other("the key \(keyValue.quoted) is there twice"), at: keyPart.span)
                }
            }
            return .map(.computed(map))
        }
    }
}

extension Compiled {
    /// What is in an optional, or nil.
    func content(of value: CELValue) throws(EvaluationError) -> CELValue? {
        guard case .optional(let content) = value else {
            throw EvaluationError(.expected("optional", got: value.typeName), at: span)
        }
        return content
    }
}
