import NIOCore

/// The two calls of AWS STS that turn an identity into a role (AWS STS API reference, version 2011-06-15).
struct SecurityTokenService: Sendable {
    static let defaultSession = "kinesis-agent"
    private static let timeout = Duration.seconds(10)

    let endpoint: EndpointURL
    let transport: any Transport
    private let now: @Sendable () -> Int64
    private let signer: RequestSigner

    init(endpoint: EndpointURL, region: String, transport: any Transport, now: @escaping @Sendable () -> Int64) {
        self.endpoint = endpoint
        self.transport = transport
        self.now = now
        signer = RequestSigner(region: region, service: "sts")
    }

    struct AssumeRole: Sendable {
        var role: String
        var session: String
        var externalID: String?
        var seconds: Int?
    }

    func assumeRole(_ request: AssumeRole, with key: StaticCredentials, source: String) async throws(CredentialsError) -> Credentials {
        var form = Self.form("AssumeRole", role: request.role, session: request.session)
        if let seconds = request.seconds { form.append(("DurationSeconds", String(seconds))) }
        if let externalID = request.externalID { form.append(("ExternalId", externalID)) }
        let body = Self.encoded(form)
        let signed = signer.sign(
            method: "POST", url: endpoint, headers: [Self.contentType], body: body, credentials: key,
            at: CalendarTime(secondsSince1970: now()))
        return try await send(body, headers: signed.headers, source: source)
    }

    /// Unsigned: the token is the proof.
    func assumeRoleWithWebIdentity(
        role: String, session: String, token: String, source: String
    ) async throws(CredentialsError) -> Credentials {
        let form = Self.form("AssumeRoleWithWebIdentity", role: role, session: session) + [("WebIdentityToken", token)]
        return try await send(Self.encoded(form), headers: [("Host", endpoint.authority), Self.contentType], source: source)
    }

    private static let contentType = (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")

    private static func form(_ action: String, role: String, session: String) -> [(name: String, value: String)] {
        [("Action", action), ("Version", "2011-06-15"), ("RoleArn", role), ("RoleSessionName", session)]
    }

    private static func encoded(_ form: [(name: String, value: String)]) -> ByteBuffer {
        ByteBuffer(string: form.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&"))
    }

    private func send(_ body: ByteBuffer, headers: [(name: String, value: String)], source: String) async throws(CredentialsError)
        -> Credentials
    {
        let reply: TransportReply
        do throws(TransportError) {
            reply = try await transport.send(
                TransportRequest(method: "POST", url: endpoint, headers: headers, body: body, timeout: Self.timeout))
        } catch {
            throw .broken(source, "STS at \(endpoint.authority): \(error.reason)")
        }
        let document = FlatXML(reply.body)
        guard reply.status == 200 else {
            let code = document?["Code"] ?? "HTTP \(reply.status)"
            throw .broken(source, "STS refused: \(code)\(document?["Message"].map { ": \($0)" } ?? "")")
        }
        guard let document, let identifier = document["AccessKeyId"], let secret = document["SecretAccessKey"],
            let token = document["SessionToken"],
            let expiration = document["Expiration"].flatMap({ CalendarTime(rfc3339: $0) })
        else { throw .broken(source, "STS answered without credentials") }
        return Credentials(
            key: StaticCredentials(accessKeyID: identifier, secretAccessKey: secret, sessionToken: token),
            expiresAt: expiration.secondsSince1970, source: source)
    }
}

/// A role that the credentials of another source assume.
struct AssumedRole: CredentialSource {
    let base: CredentialChain
    let request: SecurityTokenService.AssumeRole
    let sts: SecurityTokenService

    var name: String { "role \(request.role)" }

    func load() async throws(CredentialsError) -> CredentialOutcome {
        .found(try await sts.assumeRole(request, with: try await base.credentials().key, source: name))
    }
}
