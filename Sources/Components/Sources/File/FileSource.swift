import Coordination
import Leasing
public import Pipeline
public import Processors
public import Records

/// Reads the lines of files, whole or as they grow.
public struct FileSource: SourceComponent {
    public struct Config: ComponentConfig {
        public var include: [String] = []
        public var exclude: [String] = []
        public var startAt = StartAt.beginning
        public var follow = true
        public var processor = ProcessorSpec.string
        public var maxLine = ByteSize.mebibytes(1)

        public init() {}

        public static let fields: [Field<Config>] = [
            Field("include", \.include, required: true, "Patterns of paths, as a shell expands them: [/var/log/*.log]."),
            Field("exclude", \.exclude, "Patterns of paths to leave out."),
            Field("start_at", \.startAt, "Where a file that was there before the first start begins."),
            Field("follow", \.follow, "Wait for more at the end of a file; false reads each file once and ends."),
            Field("processor", \.processor, "How each line is decoded."),
            Field("max_line", \.maxLine, "A longer line is an undecodable record."),
        ]

        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if include.isEmpty {
                context.error("out_of_range", "`include` names no file", at: node["include"] ?? node, hint: "include: [/var/log/*.log]")
            }
        }
    }

    /// Where a file begins that has no position yet.
    public enum StartAt: String, ConfigChoice {
        case beginning, end
    }

    public static let kind = "file"
    public static let summary = "Reads the lines of files, whole or as they grow, through rotation by rename."

    private let tail: FileTail

    public static func make(_ config: Config, _ context: SourceContext) -> FileSource {
        let table = context.store.table(context.node)
        return FileSource(
            tail: FileTail(
                patterns: FilePatterns(include: config.include, exclude: config.exclude), config: config, table: table,
                holder: LeaseHolder(table: table, worker: context.worker, timing: context.leases, logger: context.logger), context: context))
    }

    public var isIdle: Bool { tail.isIdle }

    public func run(_ context: SourceContext) async throws { try await tail.run() }
}
