import FoundationEssentials
import JSON
import Logging
import OrderedCollections
import Records

/// One event of the log: pure but for its time.
struct LogLine: Sendable {
    var time = Date()
    var level: Logger.Level
    var message: String
    var metadata: Logger.Metadata

    private var timestamp: String {
        time.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)) + "Z"
    }

    private var pairs: [(key: String, value: String)] {
        metadata.map { ($0.key, "\($0.value)") }.sorted { $0.key < $1.key }
    }

    /// `2026-01-02T03:04:05.678Z info  reading shard  pipeline=orders shard=shardId-000000000000`
    static func text(_ line: LogLine) -> String {
        let level = line.level.rawValue.padding(to: 7)
        let pairs = line.pairs.map { " \($0.key)=\($0.value.contains(" ") ? "\"\($0.value)\"" : $0.value)" }.joined()
        return "\(line.timestamp) \(level) \(line.message) \(pairs)"
    }

    static func json(_ line: LogLine) -> String {
        var object: ValueMap = [
            "time": .string(line.timestamp), "level": .string(line.level.rawValue), "message": .string(line.message),
        ]
        for (key, value) in line.pairs { object[key] = .string(value) }
        let bytes = (try? JSON.bytes(.map(object), style: .compact)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
