import Pipeline

/// A command: a list of the program and its arguments, or a text for the shell.
struct CommandSetting: ConfigValue, Hashable {
    /// The program first.
    let arguments: [String]

    static let expectation = "a command: a list such as [notify, --quiet], or a text for the shell"
    static let shape = ConfigShape.either([.list(.string), .string])

    static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> CommandSetting? {
        if node.sequence == nil {
            guard let text = String.decode(node, in: &context) else { return nil }
            guard !text.allSatisfy(\.isWhitespace) else { return empty(node, in: &context) }
            return CommandSetting(arguments: ["/bin/sh", "-c", text])
        }
        guard let arguments = [String].decode(node, in: &context) else { return nil }
        guard let program = arguments.first, !program.isEmpty else { return empty(node, in: &context) }
        return CommandSetting(arguments: arguments)
    }

    private static func empty(_ node: YAMLNode, in context: inout DecodingContext) -> CommandSetting? {
        context.error("invalid_value", "a command names a program", at: node, hint: "leave the option out to run none")
        return nil
    }
}
