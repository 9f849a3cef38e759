/// The keys of one source. All begin with one hash tag (redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec,
/// "Hash tags"), so that a script may touch them together in a cluster.
struct RedisKeys: Sendable, Hashable {
    private let tag: String

    /// Colons are escaped in the group alone: the second one ends it, so no two sources share keys. Braces would end the tag.
    init(group: String, scope: String) {
        tag = "{kinesis-agent:\(PercentText.encode(group, "%{}:")):\(PercentText.encode(scope, "%{}"))}"
    }

    /// What comes before the shard in a row's key.
    var rowPrefix: String { "\(tag):lease:" }
    var shards: String { "\(tag):leases" }
    var workers: String { "\(tag):workers" }
    var start: String { "\(tag):start" }

    func row(_ shard: String) -> String { rowPrefix + shard }
}
