extension CELValue {
    /// `==`: numbers by their value across types, everything else false across types.
    func isEqual(to other: CELValue) -> Bool {
        switch (self, other) {
        case (.string(let a), .string(let b)): a.hasSameScalars(as: b)
        case (.int(let a), .int(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.null, .null): true
        case (.double(let a), .double(let b)): a == b
        case (.bytes(let a), .bytes(let b)): a == b
        case (.list(let a), .list(let b)): a.isEqual(to: b)
        case (.map(let a), .map(let b)): a.isEqual(to: b)
        case (.timestamp(let a), .timestamp(let b)): a == b
        case (.duration(let a), .duration(let b)): a == b
        case (.type(let a), .type(let b)): a == b
        case (.ip(let a), .ip(let b)): a == b
        case (.cidr(let a), .cidr(let b)): a == b
        case (.optional(let a), .optional(let b)):
            switch (a, b) {
            case (nil, nil): true
            case (let a?, let b?): a.isEqual(to: b)
            default: false
            }
        default: numericOrder(other) == .same
        }
    }
}

extension CELList {
    func isEqual(to other: CELList) -> Bool {
        count == other.count && (0..<count).allSatisfy { self[$0].isEqual(to: other[$0]) }
    }
}

extension CELMap {
    func isEqual(to other: CELMap) -> Bool {
        guard count == other.count else { return false }
        return (0..<count).allSatisfy { index in
            let (key, value) = self[index]
            guard let key = CELKey(literal: key), let theirs = other[key] else { return false }
            return value.isEqual(to: theirs)
        }
    }
}
