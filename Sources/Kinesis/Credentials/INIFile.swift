/// The syntax of the AWS configuration files (AWS SDKs and Tools reference guide, "Shared config and credentials files"):
/// sections, properties, properties nested one level by indentation. A comment has a line of its own.
struct INIFile: Sendable, Hashable {
    struct Section: Sendable, Hashable {
        /// Names in lower case.
        var properties: [String: String] = [:]
        /// Properties that are indented under one without a value: `s3 =`, `kinesis =`.
        var nested: [String: [String: String]] = [:]
    }

    /// By the text between the brackets, inner white space folded: `default`, `profile prod`, `services local`.
    private(set) var sections: [String: Section] = [:]

    struct SyntaxError: Error, Hashable {
        /// From 1.
        var line: Int
        var reason: String
    }

    init() {}

    init(_ bytes: [UInt8]) throws(SyntaxError) {
        var section: String?
        var parent: String?
        for (index, line) in String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            let text = line.trimmed
            if text.isEmpty || text.first == "#" || text.first == ";" { continue }
            if text.first == "[" {
                guard text.last == "]" else { throw SyntaxError(line: index + 1, reason: "a section's name has no closing bracket") }
                let name = text.dropFirst().dropLast().split(whereSeparator: \.isWhitespace).joined(separator: " ")
                guard !name.isEmpty else { throw SyntaxError(line: index + 1, reason: "a section has no name") }
                sections[name, default: Section()] = sections[name] ?? Section()
                (section, parent) = (name, nil)
                continue
            }
            guard let section else { throw SyntaxError(line: index + 1, reason: "a property stands before the first section") }
            let isIndented = line.first?.isWhitespace == true
            guard let equals = text.firstIndex(of: "=") else {
                // An indented line goes on with the value above it; none of the values that this client reads are that long.
                if isIndented, parent != nil { continue }
                throw SyntaxError(line: index + 1, reason: "a line is neither a section nor a property")
            }
            let name = text[..<equals].trimmed.lowercased()
            let value = String(text[text.index(after: equals)...].trimmed)
            guard !name.isEmpty else { throw SyntaxError(line: index + 1, reason: "a property has no name") }
            if isIndented, let parent {
                sections[section]?.nested[parent, default: [:]][name] = value
            } else {
                sections[section]?.properties[name] = value
                parent = name
            }
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let head = drop(while: \.isWhitespace)
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return head[head.startIndex..<head.startIndex] }
        return head[...last]
    }
}
