import OrderedCollections

// Documents that the program writes itself, such as reports and schemas, are put together as literals.

extension Value: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension Value: ExpressibleByBooleanLiteral {
    /// A bool.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension Value: ExpressibleByIntegerLiteral {
    /// An int.
    public init(integerLiteral value: Int64) { self = .int(value) }
}

extension Value: ExpressibleByArrayLiteral {
    /// A list.
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
}

extension Value: ExpressibleByDictionaryLiteral {
    /// A map in the order of the literal; of two values for one key the first counts.
    public init(dictionaryLiteral elements: (String, Value)...) { self = .map(ValueMap(elements) { first, _ in first }) }
}
