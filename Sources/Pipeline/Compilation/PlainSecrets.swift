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
            var location = node.mark.location
            // Of a text over several lines, all that stands on the first.
            if node.mark.line != node.mark.endLine { location.length = Self.wholeLine }
            var diagnostic = Diagnostic(
                "plain_secret", "a secret stands in this file", at: location, severity: .warning,
                hint: "keep it elsewhere: `${NAME}` from the environment, or `${file:/run/secrets/name}`")
            diagnostic.hidesSource = true
            context.report(diagnostic)
        }
    }

    /// Longer than any line that is shown.
    private static let wholeLine = 100_000

    private static func hasPassword(_ text: String) -> Bool { password(in: text) != nil }

    /// The text with the password of a URL left out.
    static func masked(_ text: String) -> String {
        guard let password = password(in: text) else { return text }
        return "\(text[..<password.lowerBound])•••\(text[password.upperBound...])"
    }

    /// `scheme://user:password@host`
    private static func password(in text: String) -> Range<String.Index>? {
        guard let scheme = text.firstRange(of: "://") else { return nil }
        let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return nil }
        let start = authority.index(after: colon)
        return start < at ? start..<at : nil
    }
}
