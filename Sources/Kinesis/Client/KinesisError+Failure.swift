public import Records

extension KinesisError {
    /// What a person is told: a sentence, and what to do about it.
    public var failure: Failure {
        let place = stream.map { " on stream \"\($0)\"" } ?? ""
        let request = requestID.map { " (AWS request \($0))" } ?? ""
        return Failure("kinesis_\(kind.rawValue)", "Kinesis \(operation)\(place) failed: \(sentence)\(request)", hint: hint)
    }

    private var sentence: String {
        let said = message.isEmpty ? code : code.isEmpty ? message : "\(code): \(message)"
        return said.hasSuffix(".") ? String(said.dropLast()) : said
    }

    private var hint: String? {
        switch kind {
        case .throttled:
            "Lower the rate, add shards, or look for other users of the stream; the agent slows down by itself."
        case .transient:
            "The service failed inside; this passes, and the agent repeats the call."
        case .connection:
            "Check the endpoint and the network; `endpoint:` or AWS_ENDPOINT_URL_KINESIS names the server."
        case .timeout:
            "The service did not answer in time; check the network, or raise the request timeout."
        case .cancelled:
            nil
        case .expiredIterator:
            "The shard iterator is older than five minutes; reading continues with a new one."
        case .expiredNextToken:
            "The page token is older than five minutes; the listing starts again."
        case .expiredCredentials:
            "Refresh the credentials (for instance `aws sso login`), and check AWS_PROFILE and AWS_SESSION_TOKEN."
        case .invalidSignature:
            "Check the secret key, the region and this machine's clock (`timedatectl`)."
        case .noCredentials:
            "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine or container a role."
        case .notFound where operation == Operation.getShardIterator.rawValue || operation == Operation.getRecords.rawValue:
            "The stream or the shard does not exist: check the name and the region."
        case .notFound:
            stream.map { "Check the name and the region, or create it: `kinesis-agent stream create \($0)`." }
        case .accessDenied:
            "Allow kinesis:\(operation) on the stream for this identity; `kinesis-agent explain FILE --format iam` prints the policy."
        case .resourceInUse:
            "The stream exists already, or is being created or changed; wait until it is ACTIVE."
        case .invalidArgument, .validation:
            "The service refuses this request; the message says which part."
        case .kms:
            "The stream's encryption key cannot be used: check that it is enabled and that its policy admits this identity."
        case .malformedReply:
            "The server does not speak the Kinesis API as AWS does; check the endpoint."
        case .other where code.hasPrefix("HTTP "):
            "This is no answer that Kinesis gives; check the endpoint and what stands before it."
        case .other:
            nil
        }
    }
}
