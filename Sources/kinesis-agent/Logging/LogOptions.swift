import ArgumentParser
import Logging

/// How logs are written; always to stderr.
struct LogOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "Log lines for people or for machines.")
    var logFormat = Format.text

    func logger() -> Logger {
        let level = Logger.Level(rawValue: ProcessEnvironment.all["KINESIS_AGENT_LOG"] ?? "info") ?? .info
        return Logger(label: "kinesis-agent") { _ in
            switch logFormat {
            case .text: LineLogHandler(level: level, write: LogLine.text)
            case .json: LineLogHandler(level: level, write: LogLine.json)
            }
        }
    }
}
