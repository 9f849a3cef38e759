/// The keys of one source. All begin with one hash tag (redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec,
/// "Hash tags"), so that a script may touch them together in a cluster.
struct RedisKeys: Sendable, Hashable {
    private let tag: String
    /// The set of the group's scopes, in a slot of its own.
    let scopes: String
    let scope: String

    /// Colons are escaped in the group alone: the second one ends it, so no two sources share keys. Braces would end the tag.
    init(group: String, scope: String) {
        scopes = Self.scopes(group: group)
        self.scope = scope
        tag = "{kinesis-agent:\(PercentText.encode(group, "%{}:")):\(PercentText.encode(scope, "%{}"))}"
    }

    static func scopes(group: String) -> String {
        "{kinesis-agent:\(PercentText.encode(group, "%{}:"))}:scopes"
    }

    /// Which scope the group's keys in the layout of async-kinesis belong to.
    static func pythonScope(group: String) -> String {
        "{kinesis-agent:\(PercentText.encode(group, "%{}:"))}:async-kinesis"
    }

    /// What comes before the shard in a row's key.
    var rowPrefix: String { "\(tag):lease:" }
    var shards: String { "\(tag):leases" }
    var workers: String { "\(tag):workers" }
    var capacities: String { "\(tag):capacities" }
    var start: String { "\(tag):start" }

    func row(_ shard: String) -> String { rowPrefix + shard }
}
