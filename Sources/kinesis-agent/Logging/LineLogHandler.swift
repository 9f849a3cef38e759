import Components
import Logging

/// Writes each event as one line on stderr.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let line: @Sendable (LogLine) -> String

    init(level: Logger.Level, write line: @escaping @Sendable (LogLine) -> String) {
        logLevel = level
        self.line = line
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        StandardError.write(line(LogLine(time: .now(), level: event.level, message: "\(event.message)", metadata: all)) + "\n")
    }
}
