import Pipeline
import Processors
import Records

/// Puts encoded items one after the other into a stream of bytes, as files and pipes want them: pure.
///
/// A stream of bytes has no records, so that a processor's `max_size`, which is Kinesis's limit, means nothing here.
struct ByteStreamFraming: Sendable {
    private let processor: ProcessorSpec

    init(_ processor: ProcessorSpec) {
        self.processor = processor
    }

    /// Appends one record's bytes, framed; on an error `output` is as it was before.
    func append(_ content: Content, to output: inout [UInt8]) throws(Failure) {
        let start = output.count
        do throws(Failure) {
            try frame(content, into: &output)
        } catch {
            output.removeLast(output.count - start)
            throw error
        }
    }

    private static let lineFeed = UInt8(ascii: "\n")

    private func frame(_ content: Content, into output: inout [UInt8]) throws(Failure) {
        switch processor.aggregator {
        case .netstring:
            var payload: [UInt8] = []
            try serialize(content, into: &payload)
            var data = RecordData(.netstrings)
            data.append(SharedBytes(payload))
            output += data.bytes
        case .list:
            output.append(UInt8(ascii: "["))
            try serialize(content, into: &output)
            output.append(UInt8(ascii: "]"))
            output.append(Self.lineFeed)
        // MessagePack and bytes as they are need no ends, and a line feed would be taken for data.
        case .simple, .kpl:
            try serialize(content, into: &output)
            if ![.msgpack, .raw].contains(processor.serializer) { output.append(Self.lineFeed) }
        case .newline:
            let start = output.count
            try serialize(content, into: &output)
            guard output[...].firstIndex(of: Self.lineFeed, from: start) == nil else {
                throw Failure(
                    "breaks_framing", "text with a line feed would be read back as several lines",
                    hint: "write it with a json processor, which escapes line feeds")
            }
            output.append(Self.lineFeed)
        }
    }

    private func serialize(_ content: Content, into output: inout [UInt8]) throws(Failure) {
        do throws(ProcessorError) {
            try processor.serialize(content, into: &output)
        } catch {
            throw error.failure
        }
    }

    /// KPL's aggregates are Kinesis records, and it is the data of Kinesis records that processors compress.
    static func check(_ processor: ProcessorSpec, _ node: YAMLNode, in context: inout DecodingContext) {
        if processor.compression != nil {
            context.error(
                "unsupported_processor", "`\(processor.name)` compresses Kinesis records, and is not for a file or a pipe",
                at: node["processor"] ?? node, hint: "processor: json_lines")
        }
        guard processor.aggregator == .kpl else { return }
        context.error(
            "unsupported_processor", "KPL aggregates are Kinesis records, and are not written to a file or a pipe",
            at: node["processor"] ?? node, hint: "processor: json_lines")
    }
}
