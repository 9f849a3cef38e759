/// `size`, `type`, `dyn` and the tests of texts.
enum StandardFunctions {
    static let all: [Function] = [
        .global("size", sizes, .one(size)),
        .member("size", sizes, .one(size)),
        .global("type", [], .one { (value, _) in .type(value.type) }),
        .global("dyn", [], .one { (value, _) in value }),
        .member("startsWith", [.init([.string, .string], .bool)], .two(startsWith)),
        .member("endsWith", [.init([.string, .string], .bool)], .two(endsWith)),
        .member("contains", [.init([.string, .string], .bool)], .two(contains)),
    ]

    private static let sizes: [Function.Signature] = [StaticType.string, .bytes, .list, .map].map { .init([$0], .int) }

    @Sendable private static func size(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .string(let text): .int(Int64(text.unicodeScalars.count))
        case .bytes(let bytes): .int(Int64(bytes.count))
        case .list(let list): .int(Int64(list.count))
        case .map(let map): .int(Int64(map.count))
        default: throw .noOverload("size", value)
        }
    }

    @Sendable private static func startsWith(_ text: CELValue, _ start: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        .bool(try text.asString().utf8.starts(with: try start.asString().utf8))
    }

    @Sendable private static func endsWith(_ text: CELValue, _ end: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        .bool(try text.asString().utf8.reversed().starts(with: try end.asString().utf8.reversed()))
    }

    @Sendable private static func contains(_ text: CELValue, _ part: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        .bool(try text.asString().containsBytes(of: try part.asString()))
    }
}
