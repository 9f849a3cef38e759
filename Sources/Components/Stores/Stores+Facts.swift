import Pipeline

extension SQLiteStoreComponent.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts {
        let path = path.map { scope.text("path", $0) } ?? "checkpoints/\(scope.pipeline).sqlite in the state folder"
        var facts = ComponentFacts("SQLite, \(path)")
        facts.state = ["SQLite \(path)"]
        return facts
    }
}

extension RedisStoreComponent.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts {
        let group = name.map { scope.text("name", $0) } ?? scope.pipeline
        var facts = ComponentFacts("Redis, group \(group)")
        facts.state = [
            "Redis {kinesis-agent:\(group):SOURCE}:* (leases, lease:SHARD, workers, capacities, start), for each stream or file source",
            "Redis {kinesis-agent:\(group)}:scopes",
        ]
        if layout == .asyncKinesis {
            facts.state[0] = "Redis {kinesis-agent:\(group):SOURCE}:* (leases, workers, capacities, start)"
            facts.state += ["Redis pyredis-\(group)-SHARD, and {pyredis-\(group)-SHARD}:kinesis-agent beside it"]
            facts.caveats = [
                "Consumers of async-kinesis take shards by their own clocks: keep those right, and their `session_timeout` the same."
            ]
        }
        return facts
    }
}

extension MemoryStoreComponent.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts {
        var facts = ComponentFacts("memory")
        facts.caveats = ["Positions are gone when the process ends: every start reads from the beginning again (`memory`)."]
        return facts
    }
}
