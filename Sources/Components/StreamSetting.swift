import Kinesis
import Pipeline
import Records

/// The `stream` option of Kinesis nodes.
enum StreamSetting {
    static func check(_ text: String, _ node: YAMLNode, in context: inout DecodingContext) {
        guard StreamIdentifier(text) == nil else { return }
        context.error(
            "invalid_value", "this is neither a stream's name nor its ARN", at: node,
            hint: "a name has 1 to 128 of a-z A-Z 0-9 _ . - ; an ARN looks like arn:aws:kinesis:eu-west-1:123456789012:stream/name")
    }

    static func identifier(_ text: String) throws(Failure) -> StreamIdentifier {
        guard let stream = StreamIdentifier(text) else { throw Failure("invalid_stream", "`\(text)` is no stream") }
        return stream
    }
}
