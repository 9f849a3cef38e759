/// The credentials endpoint of a container: ECS tasks, EKS Pod Identity, Greengrass
/// (AWS SDKs and Tools reference guide, "Container credential provider").
struct ContainerCredentials: CredentialSource {
    let name = "container"
    let environment: Environment
    let transport: any Transport

    private static let attempts = 3
    private static let timeout = Duration.seconds(2)
    /// Hosts that may be asked without TLS, beside the loopback ones: ECS, then EKS over IPv4 and IPv6.
    private static let plainHosts: Set<String> = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

    func load() async throws(CredentialsError) -> CredentialOutcome {
        guard let url = try endpoint() else {
            return .notConfigured("neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
        }
        var headers = [(name: "Host", value: url.authority), (name: "Accept", value: "application/json")]
        if let token = try authorization() { headers.append(("Authorization", token)) }
        let request = TransportRequest(method: "GET", url: url, headers: headers, timeout: Self.timeout)
        let reply = try await transport.send(request, attempts: Self.attempts, source: name)
        guard reply.status == 200 else { throw .broken(name, "\(url.authority) answered with HTTP status \(reply.status)") }
        return .found(try CredentialsDocument.parse(reply.body, tokenName: "Token", source: name))
    }

    private func endpoint() throws(CredentialsError) -> EndpointURL? {
        if let relative = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            guard relative.hasPrefix("/"), let url = EndpointURL("http://169.254.170.2\(relative)") else {
                throw .broken(name, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not a path")
            }
            return url
        }
        guard let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] else { return nil }
        guard let url = EndpointURL(full) else { throw .broken(name, "AWS_CONTAINER_CREDENTIALS_FULL_URI is not a URL") }
        guard url.scheme == .https || Self.plainHosts.contains(url.host) || url.isLoopback else {
            throw .broken(name, "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor one of the hosts that may be asked in the clear")
        }
        return url
    }

    private func authorization() throws(CredentialsError) -> String? {
        let token: String
        if let file = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            guard let bytes = environment.readFile(file) else {
                throw .broken(name, "the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read")
            }
            token = String(decoding: bytes, as: UTF8.self)
        } else if let value = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
            token = value
        } else {
            return nil
        }
        let line = token.drop { $0.isNewline }.prefix { !$0.isNewline }
        guard token.allSatisfy({ !$0.isNewline }) || line.utf8.count + 2 >= token.utf8.count else {
            throw .broken(name, "the authorization token holds line breaks")
        }
        return String(line)
    }
}

extension EndpointURL {
    var isLoopback: Bool {
        host == "localhost" || host == "[::1]" || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }
}

extension Transport {
    /// Sends until there is a reply that is not a server's failure.
    func send(_ request: TransportRequest, attempts: Int, source: String) async throws(CredentialsError) -> TransportReply {
        var last = "no reply"
        for _ in 0..<max(1, attempts) {
            do throws(TransportError) {
                let reply = try await send(request)
                if reply.status < 500 { return reply }
                last = "HTTP status \(reply.status)"
            } catch {
                last = error.reason
                if error == .cancelled { break }
            }
        }
        throw .broken(source, "\(request.url.authority): \(last)")
    }
}
