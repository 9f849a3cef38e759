import OrderedCollections
import Records

extension JSON {
    static func write<Form: TextForm>(_ value: Value, _ form: Form.Type, into output: inout TextBuffer) throws(JSONError) {
        switch value {
        case .null: output.append("null")
        case .bool(let flag): output.append(flag ? "true" : "false")
        case .int(let integer): DecimalText.append(integer, to: &output)
        case .bigInteger(let integer): append(integer, to: &output)
        case .double(let double): try write(double, form, into: &output)
        case .string(let string): StringText.append(string, form, to: &output)
        case .list(let items): try write(items, form, into: &output)
        case .map(let map): try write(map, form, into: &output)
        case .bytes, .ext:
            throw JSONError(.notRepresentable, "JSON has no form for \(value.typeName)", path: "")
        }
    }

    private static func append(_ integer: BigInteger, to output: inout TextBuffer) {
        var digits = integer.digits
        digits.withUTF8 { output.append($0) }
    }

    private static func write<Form: TextForm>(_ double: Double, _ form: Form.Type, into output: inout TextBuffer) throws(JSONError) {
        if double.isFinite { return DecimalText.append(double, to: &output) }
        guard Form.allowsNonFinite else {
            throw JSONError(.notRepresentable, "JSON has no form for a number that is not finite", path: "")
        }
        output.append(double.isNaN ? "NaN" : double < 0 ? "-Infinity" : "Infinity")
    }

    private static func write<Form: TextForm>(_ items: [Value], _ form: Form.Type, into output: inout TextBuffer) throws(JSONError) {
        output.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(Form.comma) }
            do { try write(item, form, into: &output) } catch { throw error.inside("[\(index)]") }
        }
        output.append(UInt8(ascii: "]"))
    }

    private static func write<Form: TextForm>(_ map: ValueMap, _ form: Form.Type, into output: inout TextBuffer) throws(JSONError) {
        output.append(UInt8(ascii: "{"))
        for (index, element) in map.elements.enumerated() {
            if index > 0 { output.append(Form.comma) }
            StringText.append(element.key, form, to: &output)
            output.append(Form.colon)
            do { try write(element.value, form, into: &output) } catch { throw error.inside(".\(element.key)") }
        }
        output.append(UInt8(ascii: "}"))
    }
}

extension JSONError {
    /// The same error, one step further out.
    fileprivate func inside(_ step: String) -> JSONError {
        JSONError(code, message, path: step + (path ?? ""))
    }
}
