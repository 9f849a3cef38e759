public import Coordination
import JSON
import OrderedCollections
public import Records

/// A line of an export: where the group began to read a source, or how far one of its shards is.
public enum CheckpointLine: Sendable, Hashable {
    case start(scope: String, GroupStart)
    case shard(scope: String, NewLease)
}

extension CheckpointLine {
    /// One JSON object on one line. `owner` is told to people and means nothing to an import.
    public func json(owner: String? = nil) throws -> [UInt8] {
        var map: ValueMap
        switch self {
        case .start(let scope, let start):
            map = ["source": .string(scope), "start": .string(start.position.text)]
            if let identity = start.identity { map["stream_created"] = .string(identity) }
        case .shard(let scope, let lease):
            map = ["source": .string(scope), "shard": .string(lease.shard), "position": .string(lease.position.text)]
            if !lease.parents.isEmpty { map["parents"] = .list(lease.parents.map { .string($0) }) }
            if let range = lease.hashRange {
                map["first_hash_key"] = .string("\(range.start)")
                map["last_hash_key"] = .string("\(range.end)")
            }
            if !lease.detail.isEmpty { map["detail"] = .string(lease.detail) }
            if let owner { map["owner"] = .string(owner) }
        }
        return try JSON.bytes(.map(map), style: .compact) + [UInt8(ascii: "\n")]
    }

    /// Reads a line of an export. Throws what is wrong with it, naming the line.
    public init(json bytes: [UInt8], line: Int) throws(Failure) {
        func invalid(_ why: String) -> Failure {
            Failure(
                "checkpoint_line_invalid", "line \(line) of the import \(why)",
                hint: #"Lines look like {"source":"orders","shard":"shardId-000000000000","position":"TRIM_HORIZON"}"#)
        }
        let value: Value
        do throws(JSONError) {
            value = try JSON.parse(bytes)
        } catch {
            throw invalid("is no JSON: \(error.message)")
        }
        guard case .map(let map) = value else { throw invalid("is no JSON object") }
        func text(_ key: String) throws(Failure) -> String? {
            switch map[key] {
            case nil: return nil
            case .string(let text): return text
            default: throw invalid("has a `\(key)` that is no text")
            }
        }
        func position(_ key: String) throws(Failure) -> Position? {
            guard let text = try text(key) else { return nil }
            guard let position = Position(text: text) else { throw invalid("has a `\(key)` that is no position: `\(text)`") }
            return position
        }
        let known: Set = [
            "source", "start", "stream_created", "shard", "position", "parents", "first_hash_key", "last_hash_key", "detail", "owner",
        ]
        if let unknown = map.keys.first(where: { !known.contains($0) }) { throw invalid("has an unknown `\(unknown)`") }
        guard let scope = try text("source") else { throw invalid("has no `source`") }
        if let start = try position("start") {
            self = .start(scope: scope, GroupStart(position: start, identity: try text("stream_created")))
            return
        }
        guard let shard = try text("shard"), let position = try position("position") else {
            throw invalid("has neither a `start` nor a `shard` with its `position`")
        }
        var lease = NewLease(shard: shard, position: position, detail: try text("detail") ?? "")
        if case .list(let parents) = map["parents"] ?? .list([]) {
            lease.parents = parents.compactMap { if case .string(let parent) = $0 { parent } else { nil } }
            guard lease.parents.count == parents.count else { throw invalid("has `parents` that are no list of texts") }
        } else {
            throw invalid("has `parents` that are no list of texts")
        }
        if let first = try text("first_hash_key"), let last = try text("last_hash_key") {
            guard let start = HashKey(first), let end = HashKey(last), start <= end else { throw invalid("has hash keys that are none") }
            lease.hashRange = HashRange(start: start, end: end)
        }
        self = .shard(scope: scope, lease)
    }
}
