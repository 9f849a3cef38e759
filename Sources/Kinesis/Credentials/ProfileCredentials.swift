import Records

/// The active profile of the AWS configuration files. The files are read again at each refresh, so that rotated keys are found.
struct ProfileCredentials: Sendable {
    let explicitName: String?
    let environment: Environment
    let sts: SecurityTokenService
    let container: ContainerCredentials
    let instance: InstanceCredentials

    /// `role_arn` with `source_profile`, `credential_source` or `web_identity_token_file`.
    var roles: some CredentialSource { Roles(profiles: self) }
    /// Access keys and `credential_process`.
    var keys: some CredentialSource { Keys(profiles: self) }

    /// Profiles that lead to each other stop here.
    private static let longestChain = 8

    private struct Roles: CredentialSource {
        let profiles: ProfileCredentials
        let name = "role of the profile"

        func load() async throws(CredentialsError) -> CredentialOutcome {
            let files = try profiles.files()
            guard let active = files.active else { return .notConfigured("no profile \"\(files.activeName)\"") }
            guard active["role_arn"] != nil else { return .notConfigured("profile \"\(active.name)\" has no role_arn") }
            return .found(try await profiles.assumed(active, files, visited: []))
        }
    }

    private struct Keys: CredentialSource {
        let profiles: ProfileCredentials
        let name = "keys of the profile"

        func load() async throws(CredentialsError) -> CredentialOutcome {
            let files = try profiles.files()
            guard let active = files.active else { return .notConfigured("no profile \"\(files.activeName)\"") }
            if let found = try await profiles.stated(active) { return .found(found) }
            if active["sso_session"] != nil || active["sso_start_url"] != nil {
                throw .broken(
                    "profile \"\(active.name)\"",
                    "IAM Identity Center is reached through the AWS CLI: add `credential_process = aws configure export-credentials "
                        + "--profile NAME --format process` to a profile of its own")
            }
            return .notConfigured("profile \"\(active.name)\" has no keys and no credential_process")
        }
    }

    private func files() throws(CredentialsError) -> Profiles {
        do throws(Failure) {
            return try Profiles(environment: environment, named: explicitName)
        } catch {
            throw .broken("profile", error.message)
        }
    }

    /// Keys of the credentials file, then the process, then keys of the configuration file: botocore's order.
    private func stated(_ profile: Profiles.Profile) async throws(CredentialsError) -> Credentials? {
        let source = "profile \"\(profile.name)\""
        if let key = try keys(profile.credentials, source) { return key }
        if let command = profile["credential_process"] { return try await process(command, source) }
        return try keys(profile.config, source)
    }

    private func keys(_ section: INIFile.Section?, _ source: String) throws(CredentialsError) -> Credentials? {
        guard let properties = section?.properties, let identifier = properties["aws_access_key_id"] else { return nil }
        guard let secret = properties["aws_secret_access_key"] else { throw .broken(source, "aws_secret_access_key is missing") }
        let token = properties["aws_session_token"].flatMap { $0.isEmpty ? nil : $0 }
        return Credentials(key: StaticCredentials(accessKeyID: identifier, secretAccessKey: secret, sessionToken: token), source: source)
    }

    private func process(_ command: String, _ profile: String) async throws(CredentialsError) -> Credentials {
        let source = "credential_process of \(profile)"
        let output: [UInt8]
        do throws(CommandError) {
            output = try await environment.run(command)
        } catch {
            throw .broken(source, error.reason)
        }
        guard case .int(1)? = try CredentialsDocument.object(output, source: source)["Version"] else {
            throw .broken(source, "it did not answer with Version 1")
        }
        return try CredentialsDocument.parse(output, tokenName: "SessionToken", source: source)
    }

    private func assumed(_ profile: Profiles.Profile, _ files: Profiles, visited: [String]) async throws(CredentialsError) -> Credentials {
        let source = "role of profile \"\(profile.name)\""
        guard let role = profile["role_arn"] else { throw .broken(source, "role_arn is missing") }
        guard profile["mfa_serial"] == nil else { throw .broken(source, "mfa_serial is not supported: an agent cannot ask for a code") }
        let request = SecurityTokenService.AssumeRole(
            role: role, session: profile["role_session_name"] ?? SecurityTokenService.defaultSession, externalID: profile["external_id"],
            seconds: profile["duration_seconds"].flatMap { Int($0) })
        if let file = profile["web_identity_token_file"] {
            return try await WebIdentityCredentials.load(
                tokenFile: file, role: role, session: request.session, environment: environment, sts: sts, source: source)
        }
        let base: Credentials
        switch (profile["source_profile"], profile["credential_source"]) {
        case (let name?, nil): base = try await self.base(name, of: profile, files, visited: visited)
        case (nil, let name?): base = try await self.base(credentialSource: name, source)
        case (nil, nil): throw .broken(source, "role_arn needs a source_profile or a credential_source")
        case (_?, _?): throw .broken(source, "source_profile and credential_source exclude each other")
        }
        return try await sts.assumeRole(request, with: base.key, source: source)
    }

    private func base(
        _ name: String, of profile: Profiles.Profile, _ files: Profiles, visited: [String]
    ) async throws(CredentialsError) -> Credentials {
        let source = "role of profile \"\(profile.name)\""
        guard let next = files.profile(name) else { throw .broken(source, "there is no source_profile \"\(name)\"") }
        let visited = visited + [profile.name]
        // A profile may name itself: its own keys then assume its role.
        if next["role_arn"] != nil, name != profile.name {
            guard !visited.contains(name), visited.count < Self.longestChain else {
                throw .broken(source, "source_profile leads back to \"\(name)\"")
            }
            return try await assumed(next, files, visited: visited)
        }
        guard let found = try await stated(next) else { throw .broken(source, "source_profile \"\(name)\" has no credentials") }
        return found
    }

    private func base(credentialSource name: String, _ source: String) async throws(CredentialsError) -> Credentials {
        let outcome: CredentialOutcome
        switch name {
        case "Environment": outcome = try EnvironmentCredentials(environment: environment).load()
        case "Ec2InstanceMetadata": outcome = try await instance.load()
        case "EcsContainer": outcome = try await container.load()
        default: throw .broken(source, "credential_source is not Environment, Ec2InstanceMetadata or EcsContainer")
        }
        switch outcome {
        case .found(let credentials): return credentials
        case .notConfigured(let reason): throw .broken(source, "credential_source \(name): \(reason)")
        }
    }
}
