import Pipeline
import Processors
import Records

/// Appends records to a file, and acknowledges them once the file is synchronized to disk.
struct FileSink: SinkComponent {
    struct Config: ComponentConfig {
        var path = ""
        var processor = ProcessorSpec.jsonLines

        init() {}

        static let fields: [Field<Config>] = [
            Field(
                "path", \.path, required: true,
                "The file, with strftime conversions (`%Y-%m-%d`) of a record's arrival in UTC; folders that are missing are created."),
            Field("processor", \.processor, "How records are written."),
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            PathPattern.check(path, node["path"] ?? node, in: &context)
            ByteStreamFraming.check(processor, node, in: &context)
        }
    }

    static let kind = "file"
    static let summary = "Appends records to a file, synchronized to disk before they count as delivered."

    private let stream: ByteStreamSink

    static func make(_ config: Config, _ context: SinkContext) throws -> FileSink {
        let path = PathPattern(config.path)
        let files = OutputFiles()
        // What is wrong with it shows before anything is read.
        if path.isFixed { try files.open(config.path) }
        return FileSink(
            stream: ByteStreamSink(output: files, framing: ByteStreamFraming(config.processor), path: path, context: context))
    }

    func write(_ batch: SinkBatch) async throws { try await stream.write(batch) }
    func run() async throws { try await stream.run() }
    func finish() { stream.finish() }
}
