import Pipeline
import Processors
import Records

/// Decodes lines with a processor: pure.
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

    /// A record of each line: none of these processors has a frame that a line could hold several items in.
    func items(of lines: Lines, from place: ReadPlace) -> SourceItems {
        var reader = ContentReader(processor, items: lines.count, bytes: lines.bytes)
        var failures: [(index: Int, failure: Failure)] = []
        for index in lines.indices {
            if let failure = read(lines, index, &reader) {
                failures.append((index, failure))
                reader.add(.null)
            }
        }
        let origins = RecordOrigins(BatchOrigin(place, lines: lines.data, offsets: lines.offsets))
        return SourceItems(
            records: RecordBatch(reader.finish(), from: origins), failures: failures, positions: ReadPositions(behindLines: lines.ends))
    }

    private func read(_ lines: Lines, _ index: Int, _ reader: inout ContentReader) -> Failure? {
        guard !lines.isTooLong(index) else { return tooLong(lines[index]) }
        do throws(ProcessorError) {
            try reader.readItem(lines.data[index])
            return nil
        } catch {
            return error.failure
        }
    }

    private func tooLong(_ line: Line) -> Failure {
        Failure(
            "line_too_long", "the line at offset \(line.offset) has more than the \(ByteSize(bytes: line.data.count)) of `max_line`",
            hint: "raise `max_line` on the source `\(source)`")
    }
}
