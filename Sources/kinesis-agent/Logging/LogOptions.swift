import ArgumentParser
import Logging

/// How logs are written; always to stderr.
struct LogOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "Log lines for people or for machines.")
    var logFormat = Format.text

    func validate() throws {
        guard Self.level == nil else { return }
        let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("KINESIS_AGENT_LOG is `\(Self.levelText)`, and no level of logs: \(known)")
    }

    private static var levelText: String { ProcessEnvironment.all["KINESIS_AGENT_LOG"] ?? "" }

    private static var level: Logger.Level? {
        levelText.isEmpty ? .info : Logger.Level(rawValue: levelText.lowercased())
    }

    func logger() -> Logger {
        let level = Self.level ?? .info
        return Logger(label: "kinesis-agent") { _ in
            switch logFormat {
            case .text: LineLogHandler(level: level, write: LogLine.text)
            case .json: LineLogHandler(level: level, write: LogLine.json)
            }
        }
    }
}
