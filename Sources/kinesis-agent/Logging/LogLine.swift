import Components
import JSON
import Logging
import OrderedCollections
import Records

/// One event of the log: pure.
struct LogLine: Sendable {
    var time: UTCTime
    var level: Logger.Level
    var message: String
    var metadata: Logger.Metadata

    private var pairs: [(key: String, value: String)] {
        metadata.map { ($0.key, "\($0.value)") }.sorted { $0.key < $1.key }
    }

    /// `2026-01-02T03:04:05.678Z info  reading shard  pipeline=orders shard=shardId-000000000000`
    static func text(_ line: LogLine) -> String {
        let level = line.level.rawValue.padding(to: 7)
        // Quoted, a message with line ends cannot pass for several events.
        let message = line.message.utf8.contains { $0 < 0x20 || $0 == 0x7F } ? quoted(line.message) : line.message
        let pairs = line.pairs.map { " \($0.key)=\(isPlain($0.value) ? $0.value : quoted($0.value))" }.joined()
        return "\(line.time.rfc3339) \(level) \(message) \(pairs)"
    }

    static func json(_ line: LogLine) -> String {
        var object: ValueMap = [
            "time": .string(line.time.rfc3339), "level": .string(line.level.rawValue), "message": .string(line.message),
        ]
        for (key, value) in line.pairs { object[key] = .string(value) }
        return text(.map(object))
    }

    /// What logfmt readers take without quotes.
    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
    }

    private static func quoted(_ value: String) -> String { text(.string(value)) }

    private static func text(_ value: Value) -> String {
        // Strings and maps of strings have no form that fails.
        String(decoding: (try? JSON.bytes(value, style: .compact)) ?? [], as: UTF8.self)
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
