import JSON
import OrderedCollections
import Records

/// A stream's settings and its consumers as one JSON text.
enum SettingsText {
    static func write(_ stream: StreamState) throws -> String {
        let settings = stream.settings
        var map: ValueMap = [:]
        if !settings.tags.isEmpty { map["tags"] = tags(settings.tags) }
        if let key = settings.encryptionKey { map["encryption_key"] = .string(key) }
        if !settings.metrics.isEmpty { map["metrics"] = .list(ShardMetric.sorted(settings.metrics).map { .string($0) }) }
        if let policy = settings.policy { map["policy"] = .string(policy) }
        if let throughput = settings.warmThroughput { map["warm_throughput"] = .int(Int64(throughput)) }
        if !stream.consumers.isEmpty { map["consumers"] = .list(stream.consumers.map(consumer)) }
        return String(decoding: try JSON.bytes(.map(map)), as: UTF8.self)
    }

    static func read(_ text: String) throws -> (settings: StreamSettings, consumers: [ConsumerState]) {
        guard case .map(let map) = try JSON.parse(Array(text.utf8)) else { return (StreamSettings(), []) }
        var settings = StreamSettings()
        settings.tags = tags(map["tags"])
        settings.encryptionKey = string(map["encryption_key"])
        if case .list(let names)? = map["metrics"] { settings.metrics = ShardMetric.named(names.compactMap(string)) }
        settings.policy = string(map["policy"])
        settings.warmThroughput = integer(map["warm_throughput"]).map(Int.init)
        guard case .list(let consumers)? = map["consumers"] else { return (settings, []) }
        return (settings, consumers.compactMap(consumer))
    }

    private static func consumer(_ consumer: ConsumerState) -> Value {
        var map: ValueMap = [
            "name": .string(consumer.name), "created_at": .int(consumer.createdAt), "change": .string(consumer.change.rawValue),
            "settles_at": .int(consumer.settlesAt),
        ]
        if !consumer.tags.isEmpty { map["tags"] = tags(consumer.tags) }
        if let policy = consumer.policy { map["policy"] = .string(policy) }
        return .map(map)
    }

    private static func consumer(_ value: Value) -> ConsumerState? {
        guard case .map(let map) = value, let name = string(map["name"]), let createdAt = integer(map["created_at"]),
            let change = string(map["change"]).flatMap(ConsumerStatus.init), let settlesAt = integer(map["settles_at"])
        else { return nil }
        return ConsumerState(
            name: name, createdAt: createdAt, change: change, settlesAt: settlesAt, tags: tags(map["tags"]), policy: string(map["policy"]))
    }

    private static func tags(_ tags: [String: String]) -> Value {
        .map(ValueMap(uniqueKeysWithValues: tags.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    private static func tags(_ value: Value?) -> [String: String] {
        guard case .map(let map)? = value else { return [:] }
        return Dictionary(uniqueKeysWithValues: map.compactMap { key, value in string(value).map { (key, $0) } })
    }

    private static func string(_ value: Value?) -> String? {
        if case .string(let text)? = value { text } else { nil }
    }

    private static func integer(_ value: Value?) -> Int64? {
        if case .int(let number)? = value { number } else { nil }
    }
}
