import Checkpoints
import Pipeline
import Records

/// The `url` of a Redis store: one, or a list of them.
struct RedisURLs: ConfigValue {
    /// Empty where the file names none.
    var urls: [String] = []

    static let expectation = "redis://user:password@host:port/db, rediss://…, or a list of them"
    static let shape = ConfigShape.either([.string, .list(.string)])

    static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> RedisURLs? {
        if node.sequence != nil { return [String].decode(node, in: &context).map { RedisURLs(urls: $0) } }
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        return RedisURLs(urls: [scalar.text])
    }

    /// Reports each URL that cannot be used at its place, without its text: it may hold a password.
    func check(_ node: YAMLNode, isCluster: Bool, in context: inout DecodingContext) {
        for (index, url) in urls.enumerated() {
            let place = node.sequence?[index] ?? node
            if let problem = RedisConfiguration.problem(ofURL: url, isCluster: isCluster) {
                context.error("invalid_value", problem.message, at: place, hint: problem.hint)
            } else if url.hasPrefix("rediss:") != usesTLS {
                context.error("conflicting_keys", "some of the Redis URLs are redis://, others rediss://", at: place)
            }
        }
        if urls.isEmpty, node.sequence != nil { context.error("out_of_range", "`url` names no server", at: node) }
    }

    var usesTLS: Bool { urls.first?.hasPrefix("rediss:") ?? false }
}
