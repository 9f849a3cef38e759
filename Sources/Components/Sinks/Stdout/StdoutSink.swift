public import Pipeline
public import Processors
import Records

/// Writes records to standard output.
public struct StdoutSink: SinkComponent {
    public struct Config: ComponentConfig {
        public var processor = ProcessorSpec.jsonLines

        public init() {}

        public static let fields: [Field<Config>] = [
            Field("processor", \.processor, "How records are written.")
        ]

        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            ByteStreamFraming.check(processor, node, in: &context)
        }
    }

    public static let kind = "stdout"
    public static let summary = "Writes records to standard output."

    private let stream: ByteStreamSink

    public static func make(_ config: Config, _ context: SinkContext) -> StdoutSink {
        StdoutSink(
            stream: ByteStreamSink(
                output: StandardOutputStream(), framing: ByteStreamFraming(config.processor), path: PathPattern(""), context: context))
    }

    public func write(_ records: [SinkRecord]) async throws { try await stream.write(records) }
    public func run() async throws { try await stream.run() }
    public func finish() { stream.finish() }
}
