import Records

/// Asks sources in order until one has credentials.
///
/// The order is botocore's, which the pipelines of async-kinesis were written under: explicit keys, environment, a profile's role, web
/// identity, a profile's keys and process, container, instance. A profile named in the pipeline passes over the environment.
struct CredentialChain: CredentialSource {
    let name = "credentials"
    let sources: [any CredentialSource]

    init(_ sources: [any CredentialSource]) {
        self.sources = sources
    }

    init(
        _ configuration: KinesisConfiguration, region: String, environment: Environment, profiles: Profiles, metadata: InstanceMetadata,
        transport: any Transport
    ) throws(Failure) {
        let sts = SecurityTokenService(
            endpoint: try EndpointRules(explicit: nil, region: region, environment: environment, profiles: profiles, service: .sts)
                .url(plane: nil, stream: nil),
            region: region, transport: transport, now: environment.now)
        var sources: [any CredentialSource]
        if let key = configuration.credentials {
            sources = [ExplicitCredentials(key: key)]
        } else {
            let container = ContainerCredentials(environment: environment, transport: transport)
            let instance = InstanceCredentials(metadata: metadata)
            let profile = ProfileCredentials(
                explicitName: configuration.profile, environment: environment, sts: sts, container: container, instance: instance)
            sources = configuration.profile == nil ? [EnvironmentCredentials(environment: environment)] : []
            sources += [
                profile.roles, WebIdentityCredentials(environment: environment, sts: sts), profile.keys, container, instance,
            ]
        }
        if let role = configuration.assumeRole {
            let session = environment["AWS_ROLE_SESSION_NAME"] ?? SecurityTokenService.defaultSession
            self.init([
                AssumedRole(base: CredentialChain(sources), request: .init(role: role, session: session), sts: sts)
            ])
        } else {
            self.init(sources)
        }
    }

    func load() async throws(CredentialsError) -> CredentialOutcome { .found(try await credentials()) }

    func credentials() async throws(CredentialsError) -> Credentials {
        var attempts: [CredentialsError.Attempt] = []
        for source in sources {
            do throws(CredentialsError) {
                switch try await source.load() {
                case .found(let credentials): return credentials
                case .notConfigured(let reason): attempts.append(.init(source: source.name, reason: reason))
                }
            } catch {
                throw CredentialsError(attempts: attempts + error.attempts, isBroken: error.isBroken)
            }
        }
        throw CredentialsError(attempts: attempts, isBroken: false)
    }
}
