import Kinesis
import Pipeline
import Processors
import Records

/// The `stream` option of Kinesis nodes.
enum StreamSetting {
    static func check(_ text: String, _ node: YAMLNode, in context: inout DecodingContext) {
        guard StreamIdentifier(text) == nil else { return }
        context.error(
            "invalid_value", "this is neither a stream's name nor its ARN", at: node,
            hint: "a name has 1 to 128 of a-z A-Z 0-9 _ . - ; an ARN looks like arn:aws:kinesis:eu-west-1:123456789012:stream/name")
    }

    /// The largest record that a stream takes unless its MaxRecordSizeInKiB is raised (API PutRecord); the partition key counts, too.
    private static let recordLimit = ByteSize.mebibytes(1)

    static func checkSize(of processor: ProcessorSpec, _ node: YAMLNode, in context: inout DecodingContext) {
        guard processor.maxSize > recordLimit, let place = node["processor"] else { return }
        context.report(
            Diagnostic(
                "over_stream_limit",
                "`\(processor.name)` makes records of up to \(processor.maxSize), and a stream takes \(recordLimit) unless it was raised",
                at: place.mark.location, severity: .warning,
                hint: "the stream's limit is kept to; lower `max_size`, or raise MaxRecordSizeInKiB (UpdateMaxRecordSize)",
                related: context.related(to: processor)))
    }

    static func identifier(_ text: String) throws(Failure) -> StreamIdentifier {
        guard let stream = StreamIdentifier(text) else { throw Failure("invalid_stream", "`\(text)` is no stream") }
        return stream
    }
}
