import Pipeline
import Processors
import Records

/// Writes records to standard output.
struct StdoutSink: SinkComponent {
    struct Config: ComponentConfig {
        var processor = ProcessorSpec.jsonLines

        init() {}

        static let fields: [Field<Config>] = [
            Field("processor", \.processor, "How records are written.")
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            ByteStreamFraming.check(processor, node, in: &context)
        }
    }

    static let kind = "stdout"
    static let summary = "Writes records to standard output."

    private let stream: ByteStreamSink

    static func make(_ config: Config, _ context: SinkContext) -> StdoutSink {
        StdoutSink(
            stream: ByteStreamSink(
                output: StandardOutputStream(), framing: ByteStreamFraming(config.processor), path: PathPattern(""), context: context))
    }

    func write(_ batch: SinkBatch) async throws { try await stream.write(batch) }
    func run() async throws { try await stream.run() }
    func finish() { stream.finish() }
}
