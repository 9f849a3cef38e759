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
    }

    public static let kind = "stdout"
    public static let summary = "Writes records to standard output."

    private let stream: ByteStreamSink

    public static func make(_ config: Config, _ context: SinkContext) -> StdoutSink {
        let writer = ByteStreamWriter(processor: config.processor, context: context)
        return StdoutSink(stream: ByteStreamSink(output: .standardOutput, writer: writer))
    }

    public func write(_ records: [SinkRecord]) async throws { try await stream.write(records) }
    public func run() async throws { try await stream.run() }
    public func finish() { stream.finish() }
}
