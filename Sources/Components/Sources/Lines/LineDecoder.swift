import Pipeline
import Processors
import Records

/// Decodes one line with a processor: pure.
struct LineDecoder: Sendable {
    let source: String
    let processor: ProcessorSpec

    /// A processor whose items may hold line feeds cannot read lines.
    static func check(_ processor: ProcessorSpec, maxLine: ByteSize, _ node: YAMLNode, in context: inout DecodingContext) {
        if maxLine.bytes < 1 { context.error("out_of_range", "`max_line` is at least 1 byte", at: node["max_line"] ?? node) }
        let isBinary = processor.serializer == .msgpack || processor.compression != nil
        guard isBinary || processor.aggregator == .netstring || processor.aggregator == .kpl else { return }
        context.error(
            "unsupported_processor", "`\(processor.name)` does not read lines", at: node["processor"] ?? node, hint: "processor: json_lines"
        )
    }

    /// An empty line holds nothing.
    func items(of lines: some Collection<LineSplitter.Line>, from place: ReadPlace) -> SourceItems {
        var batch = SourceBatch(processor, from: place, capacity: lines.count, bytes: lines.reduce(0) { $0 + $1.data.count })
        for line in lines where line.isTooLong || !line.data.isEmpty {
            let position = Position.sequence(SequenceNumber(line.end), subSequence: nil)
            let entry = ReadEntry(offset: Int64(clamping: line.offset), raw: line.data)
            if line.isTooLong { batch.add(entry, tooLong(line), position: position) } else { batch.read(entry, position: position) }
        }
        return batch.finish()
    }

    private func tooLong(_ line: LineSplitter.Line) -> Failure {
        Failure(
            "line_too_long", "the line at offset \(line.offset) has more than the \(ByteSize(bytes: line.data.count)) of `max_line`",
            hint: "raise `max_line` on the source `\(source)`")
    }
}
