/// Secrets that stand in the file itself, for everyone to read who may read the file.
enum PlainSecrets {
    /// Words that name an option whose value is a secret.
    private static let secretKeys = ["password", "passwd", "secret", "token", "secret_key", "secret_access_key", "api_key", "auth_token"]

    /// Looks at the options of nodes; records of tests and expressions are not meant.
    static func check(_ root: YAMLNode, in context: inout DecodingContext) {
        for section in [Section.aws, .checkpoints, .sources, .sinks, .deadLetter] {
            if let node = root[section.rawValue] { check(node, key: nil, in: &context) }
        }
    }

    private static func check(_ node: YAMLNode, key: String?, in context: inout DecodingContext) {
        switch node.content {
        case .sequence(let elements): for element in elements { check(element, key: key, in: &context) }
        case .mapping(let pairs): for pair in pairs { check(pair.value, key: pair.key.text, in: &context) }
        case .scalar(let scalar):
            // What is expanded stands elsewhere; the password alone may be.
            guard !scalar.text.isEmpty, !Interpolation.isNeeded(by: scalar.text) else { return }
            guard key.map({ secretKeys.contains($0) }) ?? false || hasPassword(scalar.text) else { return }
            context.warning(
                "plain_secret", "a secret stands in this file", at: node,
                hint: "keep it elsewhere: `${NAME}` from the environment, or `${file:/run/secrets/name}`")
        }
    }

    /// `scheme://user:password@host`
    private static func hasPassword(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://") else { return false }
        let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return false }
        return authority.index(after: colon) < at
    }
}
