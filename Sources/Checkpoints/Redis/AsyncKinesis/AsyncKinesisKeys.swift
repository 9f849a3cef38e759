/// The two keys of a shard: the value that async-kinesis reads and writes, and beside it what that does not know.
struct AsyncKinesisKeys: Sendable, Hashable {
    private let prefix: String

    init(group: String) {
        prefix = "pyredis-\(group)-"
    }

    /// A string: `{"ref": "group/worker", "ts": 1795375930, "sequence": "4960"}`. The stream's name is not in it.
    func value(_ shard: String) -> String { prefix + shard }

    /// A hash, in the slot of the value, and with a name that no `SCAN` for `pyredis-…` finds.
    func side(_ shard: String) -> String { "{\(value(shard))}:kinesis-agent" }

    /// What the scripts take for a shard.
    func pair(_ shard: String) -> [String] { [value(shard), side(shard)] }

    /// Why a group's name cannot be used: a brace would put the two keys into different slots of a cluster.
    static func isUsable(group: String) -> Bool { !group.contains { $0 == "{" || $0 == "}" } }
}
