/// Keys that the configuration itself gives.
struct ExplicitCredentials: CredentialSource {
    let name = "configuration"
    let key: StaticCredentials

    func load() -> CredentialOutcome { .found(Credentials(key: key, source: name)) }
}

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary keys, `AWS_SESSION_TOKEN` and `AWS_CREDENTIAL_EXPIRATION`.
struct EnvironmentCredentials: CredentialSource {
    let name = "environment variables"
    let environment: Environment

    func load() throws(CredentialsError) -> CredentialOutcome {
        guard let identifier = environment["AWS_ACCESS_KEY_ID"] else { return .notConfigured("AWS_ACCESS_KEY_ID is not set") }
        guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
            throw .broken(name, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")
        }
        let token = environment["AWS_SESSION_TOKEN"] ?? environment["AWS_SECURITY_TOKEN"]
        var expiresAt: Int64?
        if let text = environment["AWS_CREDENTIAL_EXPIRATION"] {
            guard let time = CalendarTime(rfc3339: text) else { throw .broken(name, "AWS_CREDENTIAL_EXPIRATION is not a time") }
            expiresAt = time.secondsSince1970
        }
        return .found(
            Credentials(
                key: StaticCredentials(accessKeyID: identifier, secretAccessKey: secret, sessionToken: token), expiresAt: expiresAt,
                source: name))
    }
}
