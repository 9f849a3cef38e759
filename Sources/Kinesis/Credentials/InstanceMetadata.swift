/// The instance metadata service of EC2, version 2 (Amazon EC2 user guide, "Use the Instance Metadata Service").
struct InstanceMetadata: Sendable {
    let environment: Environment
    let transport: any Transport

    private static let source = "instance metadata"
    /// Six hours, the longest there is.
    private static let tokenSeconds = "21600"

    /// Asks for a token: with it the service answers for six hours.
    func session() async throws(CredentialsError) -> Session {
        if environment.isTrue("AWS_EC2_METADATA_DISABLED") { return .unavailable("AWS_EC2_METADATA_DISABLED is true") }
        let base = try endpoint()
        let request = TransportRequest(
            method: "PUT", url: base.at("/latest/api/token"),
            headers: [("Host", base.authority), ("X-aws-ec2-metadata-token-ttl-seconds", Self.tokenSeconds)], timeout: timeout)
        let reply: TransportReply
        do throws(CredentialsError) {
            reply = try await transport.send(request, attempts: attempts, source: Self.source)
        } catch {
            return .unavailable("no answer from \(base.authority)")
        }
        switch reply.status {
        case 200:
            return .open(Connection(base: base, token: String(decoding: reply.body, as: UTF8.self), metadata: self))
        case 403...405 where !environment.isTrue("AWS_EC2_METADATA_V1_DISABLED"):
            return .open(Connection(base: base, token: nil, metadata: self))
        default:
            return .unavailable("\(base.authority) refused a token with HTTP status \(reply.status)")
        }
    }

    enum Session: Sendable {
        case open(Connection)
        /// There is no service to be asked: the reason, for a person.
        case unavailable(String)
    }

    struct Connection: Sendable {
        let base: EndpointURL
        /// Nil with version 1 of the service.
        let token: String?
        fileprivate let metadata: InstanceMetadata

        /// Nil where the service has no such entry.
        func get(_ path: String) async throws(CredentialsError) -> [UInt8]? {
            var headers = [(name: "Host", value: base.authority)]
            if let token { headers.append(("X-aws-ec2-metadata-token", token)) }
            let request = TransportRequest(
                method: "GET", url: base.at("/latest/meta-data/\(path)"), headers: headers, timeout: metadata.timeout)
            let reply = try await metadata.transport.send(request, attempts: metadata.attempts, source: InstanceMetadata.source)
            switch reply.status {
            case 200: return reply.body
            case 404: return nil
            default: throw .broken(InstanceMetadata.source, "HTTP status \(reply.status) for \(path)")
            }
        }
    }

    private var timeout: Duration {
        .seconds(environment["AWS_METADATA_SERVICE_TIMEOUT"].flatMap { Double($0) }.map { $0 > 0 && $0 < 3600 ? $0 : 1 } ?? 1)
    }

    private var attempts: Int { environment["AWS_METADATA_SERVICE_NUM_ATTEMPTS"].flatMap { Int($0) } ?? 1 }

    private func endpoint() throws(CredentialsError) -> EndpointURL {
        let isIPv6 = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() == "ipv6"
        let text = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? (isIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254")
        guard let url = EndpointURL(text) else { throw .broken(Self.source, "AWS_EC2_METADATA_SERVICE_ENDPOINT is not a URL") }
        return url
    }
}

extension InstanceMetadata {
    /// The region of the instance's zone; nil with the reason where there is none to be had.
    func region() async -> Result<String, CredentialsError> {
        do throws(CredentialsError) {
            switch try await session() {
            case .unavailable(let reason):
                return .failure(.broken(Self.source, reason))
            case .open(let connection):
                let zone = try await connection.get("placement/availability-zone").map { String(decoding: $0, as: UTF8.self) }
                guard let region = zone.flatMap(Self.region(ofZone:)) else { return .failure(.broken(Self.source, "it names no zone")) }
                return .success(region)
            }
        } catch {
            return .failure(error)
        }
    }

    /// `us-east-1a` and the local zone `us-west-2-lax-1a` lie in what comes up to the first number.
    static func region(ofZone zone: String) -> String? {
        var parts: [Substring] = []
        for part in zone.split(separator: "-") {
            let digits = part.prefix { ("0"..."9").contains($0) }
            parts.append(digits.isEmpty ? part : digits)
            if !digits.isEmpty { return parts.count >= 3 ? parts.joined(separator: "-") : nil }
        }
        return nil
    }
}

/// The credentials of the role that an instance has.
struct InstanceCredentials: CredentialSource {
    let name = "instance metadata"
    let metadata: InstanceMetadata

    func load() async throws(CredentialsError) -> CredentialOutcome {
        let connection: InstanceMetadata.Connection
        switch try await metadata.session() {
        case .unavailable(let reason): return .notConfigured(reason)
        case .open(let open): connection = open
        }
        let folder = "iam/security-credentials/"
        guard let names = try await connection.get(folder),
            let role = String(decoding: names, as: UTF8.self).split(whereSeparator: \.isNewline).first
        else { return .notConfigured("the instance has no role") }
        guard let document = try await connection.get(folder + role) else { throw .broken(name, "the role \(role) has no credentials") }
        return .found(try CredentialsDocument.parse(document, tokenName: "Token", source: name))
    }
}
