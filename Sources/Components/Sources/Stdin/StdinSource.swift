import Glibc
import Leasing
import NIOPosix
import Pipeline
import Processors
import Records
import Synchronization

/// Reads lines from standard input until it ends. Nothing can be read twice there, so that no position is kept.
struct StdinSource: SourceComponent {
    struct Config: ComponentConfig {
        var processor = ProcessorSpec.jsonLines
        var maxLine = ByteSize.mebibytes(1)

        init() {}

        static let fields: [Field<Config>] = [
            Field("processor", \.processor, "How each line is decoded."),
            Field("max_line", \.maxLine, "A longer line is an undecodable record."),
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            LineDecoder.check(processor, maxLine: maxLine, node, in: &context)
        }
    }

    static let kind = "stdin"
    static let summary = "Reads lines from standard input until it ends."

    private let decoder: LineDecoder
    private let maxLine: Int
    private let progress = ShardProgress(from: .trimHorizon)
    private let isAtEnd = Latch()

    static func make(_ config: Config, _ context: SourceContext) -> StdinSource {
        StdinSource(decoder: LineDecoder(source: context.node, processor: config.processor), maxLine: config.maxLine.bytes)
    }

    var isIdle: Bool { isAtEnd.isOpen && progress.outstanding == 0 }

    func run(_ context: SourceContext) async throws {
        do {
            try await read(context)
        } catch {
            context.failed(error)
            context.readingEnded()
            throw error
        }
        isAtEnd.open()
        context.readingEnded()
        await context.settled.wait()
    }

    private func read(_ context: SourceContext) async throws {
        let place = ReadPlace(source: context.node)
        var splitter = LineSplitter(maxLine: maxLine)
        var isOpen = true
        while isOpen, !context.draining.isOpen {
            guard try await Self.waitForInput() else { continue }
            let chunk = try await NIOThreadPool.singleton.runIfActive { try InputFile.standardInput.read(atMost: Lines.chunkSize) }
            isOpen = !chunk.isEmpty
            let lines = isOpen ? splitter.feed(chunk) : splitter.finish()
            try await context.receiver.deliver(lines, from: place, decoder, progress: progress)
        }
    }

    /// Waits a moment for something to read, so that a drain never hangs on a silent pipe.
    private static func waitForInput() async throws -> Bool {
        try await NIOThreadPool.singleton.runIfActive {
            var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            return poll(&descriptor, 1, 200) != 0
        }
    }
}
