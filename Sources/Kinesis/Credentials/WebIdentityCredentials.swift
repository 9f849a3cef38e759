/// A role for the holder of a token that an identity provider wrote into a file: service accounts of Kubernetes.
struct WebIdentityCredentials: CredentialSource {
    let name = "web identity"
    let environment: Environment
    let sts: SecurityTokenService

    func load() async throws(CredentialsError) -> CredentialOutcome {
        guard let file = environment["AWS_WEB_IDENTITY_TOKEN_FILE"] else { return .notConfigured("AWS_WEB_IDENTITY_TOKEN_FILE is not set") }
        guard let role = environment["AWS_ROLE_ARN"] else {
            throw .broken(name, "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not")
        }
        let session = environment["AWS_ROLE_SESSION_NAME"] ?? SecurityTokenService.defaultSession
        return .found(
            try await Self.load(tokenFile: file, role: role, session: session, environment: environment, sts: sts, source: name))
    }

    /// The file is read at each call: the provider replaces the token before it ends.
    static func load(
        tokenFile: String, role: String, session: String, environment: Environment, sts: SecurityTokenService, source: String
    ) async throws(CredentialsError) -> Credentials {
        guard let bytes = environment.expanded(tokenFile).flatMap(environment.readFile) else {
            throw .broken(source, "the token file \(tokenFile) cannot be read")
        }
        let token = String(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
        guard !token.isEmpty else { throw .broken(source, "the token file \(tokenFile) is empty") }
        return try await sts.assumeRoleWithWebIdentity(role: role, session: session, token: token, source: source)
    }
}
