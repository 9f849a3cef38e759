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

    /// One record's bytes, framed.
    func bytes(of content: Content) throws(Failure) -> [UInt8] {
        let payload: [UInt8]
        do throws(ProcessorError) {
            payload = try processor.serialize(content)
        } catch {
            throw error.failure
        }
        let lineFeed = UInt8(ascii: "\n")
        switch processor.aggregator {
        case .netstring: return Array("\(payload.count):".utf8) + payload + [UInt8(ascii: ",")]
        case .list: return [UInt8(ascii: "[")] + payload + [UInt8(ascii: "]"), lineFeed]
        // MessagePack and bytes as they are need no ends, and a line feed would be taken for data.
        case .simple, .kpl: return [.msgpack, .raw].contains(processor.serializer) ? payload : payload + [lineFeed]
        case .newline:
            guard !payload.contains(lineFeed) else {
                throw Failure(
                    "breaks_framing", "text with a line feed would be read back as several lines",
                    hint: "write it with a json processor, which escapes line feeds")
            }
            return payload + [lineFeed]
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
