import OrderedCollections
import Records

/// The pieces that the JSON Schema is put together from.
enum Schema {
    /// A type key with what stands under it.
    struct Kind {
        var name: String
        var summary: String
        var shape: Value
    }

    /// Texts may be written without quotes where they look like numbers.
    static let text: Value = ["type": ["string", "number"]]

    static func reference(_ name: String) -> Value { ["$ref": .string("#/$defs/\(name)")] }

    static func object(_ pairs: [(String, Value)]) -> Value { .map(ValueMap(pairs) { first, _ in first }) }

    static func described(_ schema: Value, _ text: String) -> Value {
        guard case .map(var map) = schema else { return schema }
        map.updateValue(.string(text), forKey: "description", insertingAt: 0)
        return .map(map)
    }

    static func nullable(_ schema: Value) -> Value { ["anyOf": [schema, ["type": "null"]]] }

    /// Free keys, values all alike.
    static func named(_ element: Value) -> Value { ["type": "object", "additionalProperties": element] }

    static func nodes(_ element: Value, atLeast count: Int64 = 1) -> Value {
        [
            "type": "object", "minProperties": .int(count), "propertyNames": ["pattern": "^[A-Za-z0-9_-]+$"],
            "additionalProperties": element,
        ]
    }

    /// A mapping with exactly one of the type keys, and `besides`.
    static func oneOf(_ kinds: [Kind], besides: [(String, Value)] = []) -> Value {
        [
            "type": "object", "additionalProperties": false,
            "properties": object(kinds.map { ($0.name, described($0.shape, $0.summary)) } + besides),
            "oneOf": .list(kinds.map { ["required": [.string($0.name)]] }),
        ]
    }

    /// A mapping of options.
    static func options(_ fields: [FieldDescription]) -> Value {
        var schema: ValueMap = [
            "type": "object", "additionalProperties": false, "properties": object(fields.map { ($0.name, option($0)) }),
        ]
        let required = fields.filter(\.isRequired)
        if !required.isEmpty { schema["required"] = .list(required.map { .string($0.name) }) }
        return .map(schema)
    }

    private static func option(_ field: FieldDescription) -> Value {
        var schema = described(value(field.shape), field.summary)
        if case .map(var map) = schema, let text = field.defaultText, field.otherwise == nil {
            map["default"] = defaultValue(text, field.shape)
            schema = .map(map)
        }
        return schema
    }

    private static func defaultValue(_ text: String, _ shape: ConfigShape) -> Value {
        switch shape {
        case .boolean, .integer, .number: CoreSchema.resolve(text)
        default: .string(text)
        }
    }

    /// What a value of the shape looks like; whatever is no text may also be expanded from one.
    static func value(_ shape: ConfigShape) -> Value {
        switch shape {
        case .any: [:]
        case .boolean: orInterpolated(["type": "boolean"])
        case .integer: orInterpolated(["type": "integer"])
        case .number: orInterpolated(["type": "number"])
        case .string: text
        case .quantity(let units): orInterpolated(["type": ["string", "number"], "pattern": .string(quantityPattern(units))])
        case .choice(let words): orInterpolated(["enum": .list(words.map { .string($0) })])
        case .list(let element): ["type": "array", "items": value(element)]
        case .map(let element): named(value(element))
        case .object(let fields): options(fields)
        case .either(let shapes): ["anyOf": .list(shapes.map(value))]
        }
    }

    private static func orInterpolated(_ schema: Value) -> Value { ["anyOf": [schema, reference("interpolated")]] }

    /// Units are read in any case of letters where one of them has capitals.
    private static func quantityPattern(_ units: [String]) -> String {
        let hasCapitals = units.contains { $0 != $0.lowercased() }
        let words = units.map { unit in
            hasCapitals ? unit.map { "[\($0.uppercased())\($0.lowercased())]" }.joined() : unit
        }
        return "^[0-9]*\\.?[0-9]+ *(\(words.joined(separator: "|")))?$"
    }

    /// The `tests:` section.
    static let tests: Value = nullable([
        "type": "array",
        "items": [
            "type": "object", "additionalProperties": false, "required": ["name"],
            "properties": [
                "name": described(text, "What the pipeline should do."),
                "send": sent, "expect": expected,
                "phases": described(
                    [
                        "type": "array", "minItems": 1,
                        "items": [
                            "type": "object", "additionalProperties": false,
                            "properties": [
                                "after": described(
                                    value(.quantity(units: ["ms", "s", "m", "h", "d"])), "How far the clock is put on first."),
                                "send": sent, "expect": expected,
                            ],
                        ],
                    ], "One after the other, with the state that the steps have kept."),
            ],
        ],
    ])

    private static let sent = described(
        named(["type": "array"]),
        "Records by source; `{record: …, meta: {partition_key: …}}` also says where a record was read.")

    private static let expected = described(
        named([
            "anyOf": [
                ["type": "array"],
                ["type": "object", "required": ["exactly"], "additionalProperties": false, "properties": ["exactly": ["type": "array"]]],
            ]
        ]),
        "Records by sink, and `dead_letter`, all of them in their order; maps match as subsets, unless under `exactly`.")
}
