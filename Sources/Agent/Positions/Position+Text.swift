import Components
import Pipeline
public import Records

extension Position {
    /// As people read and write it: `TRIM_HORIZON`, `AT_TIMESTAMP 2026-01-02T03:04:05.000Z`, a sequence number, one with the index inside
    /// its aggregate (`4960/2`), or `SHARD_END`. A file's position is its offset.
    public var text: String {
        if case .timestamp(let milliseconds) = self { return "AT_TIMESTAMP \(UTCTime(milliseconds: milliseconds).rfc3339)" }
        return description
    }

    /// Nil for anything that is no position.
    public init?(text: String) {
        let words = text.split(separator: " ")
        switch (words.first, words.count) {
        case ("TRIM_HORIZON", 1): self = .trimHorizon
        case ("SHARD_END", 1): self = .shardEnd
        case ("AT_TIMESTAMP", 2):
            guard let time = TimestampSetting(String(words[1])) else { return nil }
            self = .timestamp(time.milliseconds)
        default:
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 2, let number = SequenceNumber(String(parts[0])) else { return nil }
            guard parts.count == 2 else {
                self = .sequence(number, subSequence: nil)
                return
            }
            guard let index = Int(parts[1]), index >= 0 else { return nil }
            self = .sequence(number, subSequence: index)
        }
    }
}
