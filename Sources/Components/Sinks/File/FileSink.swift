public import Pipeline
public import Processors
import Records

/// Appends records to a file, and acknowledges them once the file is synchronized to disk.
public struct FileSink: SinkComponent {
    public struct Config: ComponentConfig {
        public var path = ""
        public var processor = ProcessorSpec.jsonLines

        public init() {}

        public static let fields: [Field<Config>] = [
            Field(
                "path", \.path, required: true,
                "The file, with strftime conversions of a record's arrival in UTC; folders that are missing are created."),
            Field("processor", \.processor, "How records are written."),
        ]

        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            PathPattern.check(path, node["path"] ?? node, in: &context)
            ByteStreamFraming.check(processor, node, in: &context)
        }
    }

    public static let kind = "file"
    public static let summary = "Appends records to a file, synchronized to disk before they count as delivered."

    private let stream: ByteStreamSink

    public static func make(_ config: Config, _ context: SinkContext) throws -> FileSink {
        let path = PathPattern(config.path)
        let files = OutputFiles()
        // What is wrong with it shows before anything is read.
        if path.isFixed { try files.open(config.path) }
        return FileSink(
            stream: ByteStreamSink(output: files, framing: ByteStreamFraming(config.processor), path: path, context: context))
    }

    public func write(_ records: [SinkRecord]) async throws { try await stream.write(records) }
    public func run() async throws { try await stream.run() }
    public func finish() { stream.finish() }
}
