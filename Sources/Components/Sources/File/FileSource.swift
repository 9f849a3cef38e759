import Coordination
import Leasing
import Pipeline
import Processors
import Records

/// Reads the lines of files, whole or as they grow.
struct FileSource: SourceComponent {
    struct Config: ComponentConfig {
        var include: [String] = []
        var exclude: [String] = []
        var startAt = StartAt.beginning
        var follow = true
        var processor = ProcessorSpec.string
        var maxLine = ByteSize.mebibytes(1)

        init() {}

        static let fields: [Field<Config>] = [
            Field("include", \.include, required: true, "Patterns of paths, as a shell expands them: `[/var/log/*.log]`."),
            Field("exclude", \.exclude, otherwise: "none", "Patterns of paths to leave out."),
            Field("start_at", \.startAt, "Where a file begins that was there before the first start; `end` skips what is in it."),
            Field("follow", \.follow, "Wait for more at the end of a file; false reads each file once and ends."),
            Field("processor", \.processor, "How each line is decoded."),
            Field("max_line", \.maxLine, "A longer line is an undecodable record."),
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if include.isEmpty {
                context.error("out_of_range", "`include` names no file", at: node["include"] ?? node, hint: "include: [/var/log/*.log]")
            }
            LineDecoder.check(processor, maxLine: maxLine, node, in: &context)
        }
    }

    /// Where a file begins that has no position yet.
    enum StartAt: String, ConfigChoice {
        case beginning, end
    }

    static let kind = "file"
    static let summary = "Reads the lines of files, whole or as they grow, through rotation by rename."

    private let tail: FileTail

    static func make(_ config: Config, _ context: SourceContext) -> FileSource {
        // No stream has such a name: a source of files may be called like one.
        let table = context.store.table("file:\(context.node)")
        return FileSource(tail: FileTail(config: config, table: table, context: context))
    }

    var isIdle: Bool { tail.isIdle }

    func run(_ context: SourceContext) async throws { try await tail.run() }
}
