import Foundation
import OrderedCollections

@testable import Expressions

/// A line of the conformance data.
struct ConformanceCase: Decodable {
    struct Expectation: Decodable {
        let value: TypedValue?
        let error: [String]?
        let `true`: Bool?
    }

    let section: String
    let name: String
    let expr: String
    let bindings: [String: TypedValue]
    let expect: Expectation
    let container: String?
    let disableCheck: Bool?

    private enum CodingKeys: String, CodingKey {
        case section, name, expr, bindings, expect, container
        case disableCheck = "disable_check"
    }

    /// What differs from the expectation, or nil.
    var failure: String? {
        do {
            let names = bindings.keys.sorted()
            let environment = ExpressionEnvironment.variables(
                names.map { ($0, .known(bindings[$0]!.value.type)) }, container: container ?? "", isChecked: disableCheck != true)
            let program = try Program(parsing: expr, environment: environment)
            let result = try program.run(variables: names.map { bindings[$0]!.value })
            let expected = expect.value?.value ?? .bool(true)
            if expect.error == nil, result.isIdentical(to: expected) { return nil }
            return "\(section)/\(name): \(expr) gave \(result), expected \(expect.error.map { "an error \($0)" } ?? "\(expected)")"
        } catch {
            return expect.error == nil ? "\(section)/\(name): \(expr) failed: \(error)" : nil
        }
    }
}

/// A value with its type: `{"t": "int", "v": "1"}`.
struct TypedValue: Decodable {
    let value: CELValue

    private enum Key: CodingKey {
        case t, v
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let kind = try container.decode(String.self, forKey: .t)
        func text() throws -> String { try container.decode(String.self, forKey: .v) }
        switch kind {
        case "null": value = .null
        case "bool": value = .bool(try container.decode(Bool.self, forKey: .v))
        case "int": value = .int(Int64(try text())!)
        case "uint": value = .uint(UInt64(try text())!)
        case "double": value = .double(try (try? container.decode(Double.self, forKey: .v)) ?? Double(text())!)
        case "string": value = .string(try text())
        case "bytes": value = .bytes([UInt8](Data(base64Encoded: try text())!))
        case "list": value = .list(.computed(try container.decode([TypedValue].self, forKey: .v).map(\.value)))
        case "map":
            let pairs = try container.decode([[TypedValue]].self, forKey: .v)
            value = .map(
                .computed(OrderedDictionary(uniqueKeysWithValues: pairs.map { (CELKey(literal: $0[0].value)!, $0[1].value) })))
        case "duration": value = .duration(TimeSpan(text: try text())!)
        case "timestamp": value = .timestamp(Timestamp(text: try text())!)
        case "type": value = .type(CELType(rawValue: try text())!)
        default: throw DecodingError.dataCorruptedError(forKey: .t, in: container, debugDescription: kind)
        }
    }
}

extension CELValue {
    /// Equality as the conformance data has it: of types too, NaN the same as NaN, 0.0 not the same as -0.0.
    func isIdentical(to other: CELValue) -> Bool {
        switch (self, other) {
        case (.double(let a), .double(let b)): a.isNaN && b.isNaN || a.bitPattern == b.bitPattern
        case (.list(let a), .list(let b)): a.count == b.count && (0..<a.count).allSatisfy { a[$0].isIdentical(to: b[$0]) }
        case (.map(let a), .map(let b)):
            a.count == b.count
                && (0..<a.count).allSatisfy { index in
                    let (key, value) = a[index]
                    return (0..<b.count).contains { b[$0].key.isIdentical(to: key) && b[$0].value.isIdentical(to: value) }
                }
        default: type == other.type && isEqual(to: other)
        }
    }
}
