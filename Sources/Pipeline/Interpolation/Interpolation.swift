/// Expansion of `${NAME}`, `${NAME:-default}` and `${file:/path}` in the text of a scalar; `$$` is a dollar, any other `$` itself.
///
/// As in a POSIX shell, the default of `:-` also replaces a variable that is empty. What is expanded is not expanded again.
public struct Interpolation: Sendable {
    /// The value of a variable; nil where it is not set.
    let variable: @Sendable (String) -> String?
    /// The text of a file; throws a sentence that does not repeat its content.
    let readFile: @Sendable (String) throws(FileReadingError) -> String

    /// Where values come from; without arguments, nothing is set and nothing can be read.
    public init(
        variable: @escaping @Sendable (String) -> String? = { _ in nil },
        readFile: @escaping @Sendable (String) throws(FileReadingError) -> String = { _ throws(FileReadingError) in
            throw FileReadingError("files are not read here")
        }
    ) {
        self.variable = variable
        self.readFile = readFile
    }

    /// A dictionary in place of the process's environment.
    public init(environment: [String: String]) {
        self.init(variable: { environment[$0] })
    }

    struct Expansion: Equatable {
        var text: String
        /// Something was expanded, not only `$$`.
        var isSecret: Bool
    }

    struct Problem: Error, Equatable {
        var code: String
        var message: String
        var hint: String?
        /// Bytes of the scalar's text.
        var range: Range<Int>
    }

    static func isNeeded(by text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "$")) && (text.contains("${") || text.contains("$$"))
    }

    /// The first line of a text with its references still in it, as the file has it.
    static func quoted(_ text: String) -> String { "`\(text.prefix { !$0.isNewline }.prefix(60))`" }

    func expand(_ text: String) -> Result<Expansion, Problem> {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var isSecret = false
        var index = 0
        while index < bytes.count {
            let next = index + 1 < bytes.count ? bytes[index + 1] : nil
            guard bytes[index] == UInt8(ascii: "$"), next == UInt8(ascii: "$") || next == UInt8(ascii: "{") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            if next == UInt8(ascii: "$") {
                result.append(UInt8(ascii: "$"))
                index += 2
                continue
            }
            guard let close = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else {
                return .failure(
                    Problem(
                        code: "invalid_interpolation", message: "`${` without a closing `}`", hint: "write `$$` for a dollar",
                        range: index..<bytes.count))
            }
            do throws(Problem) {
                let reference = String(decoding: bytes[(index + 2)..<close], as: UTF8.self)
                result.append(contentsOf: try value(of: reference, range: index..<(close + 1)).utf8)
            } catch {
                return .failure(error)
            }
            isSecret = true
            index = close + 1
        }
        return .success(Expansion(text: String(decoding: result, as: UTF8.self), isSecret: isSecret))
    }

    private func value(of reference: String, range: Range<Int>) throws(Problem) -> String {
        let name = String(reference.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) })
        let rest = reference.dropFirst(name.count)
        if name == "file", rest.hasPrefix(":"), !rest.hasPrefix(":-") { return try content(of: String(rest.dropFirst()), range: range) }
        guard let first = name.first, !first.isNumber, rest.isEmpty || rest.hasPrefix(":-") else {
            throw Problem(
                code: "invalid_interpolation", message: "`${\(reference)}` is none of `${NAME}`, `${NAME:-default}` and `${file:/path}`",
                hint: "write `$$` for a dollar", range: range)
        }
        let value = variable(name)
        if rest.hasPrefix(":-") { return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(rest.dropFirst(2)) }
        guard let value else {
            throw Problem(
                code: "missing_variable", message: "the environment variable `\(name)` is not set",
                hint: "set it, or give a default: `${\(name):-default}`", range: range)
        }
        return value
    }

    /// Files of secrets end with a newline that is not part of the secret.
    private func content(of path: String, range: Range<Int>) throws(Problem) -> String {
        do throws(FileReadingError) {
            let text = try readFile(path)
            return text.hasSuffix("\n") ? String(text.unicodeScalars.dropLast(text.hasSuffix("\r\n") ? 2 : 1)) : text
        } catch {
            throw Problem(
                code: "unreadable_file", message: "`\(path)` cannot be read: \(error.reason)",
                hint: "the agent's user must be able to read it on this machine", range: range)
        }
    }
}

/// Why a file could not be read, in a few words that do not repeat its content: "no such file".
public struct FileReadingError: Error, Sendable, Hashable {
    /// A few words: "no such file".
    public var reason: String

    /// Where values come from; without arguments, nothing is set and nothing can be read.
    public init(_ reason: String) {
        self.reason = reason
    }
}
