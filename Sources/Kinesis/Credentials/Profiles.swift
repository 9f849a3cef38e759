import Records

/// The AWS configuration and credentials files, and which of their profiles is in use.
struct Profiles: Sendable {
    /// The profile in use: named in the configuration, else by AWS_PROFILE or AWS_DEFAULT_PROFILE, else `default`.
    let activeName: String
    let configPath: String
    let credentialsPath: String
    private let config: INIFile
    private let credentials: INIFile

    /// One profile of both files.
    struct Profile: Sendable {
        let name: String
        /// What the credentials file says of it.
        let credentials: INIFile.Section?
        /// What the configuration file says of it.
        let config: INIFile.Section?

        /// A property of either file; the credentials file's comes first.
        subscript(name: String) -> String? {
            (credentials?.properties[name] ?? config?.properties[name]).flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// No files at all.
    static let none = Profiles(activeName: "default", config: INIFile())

    private init(activeName: String, config: INIFile) {
        (self.activeName, self.config, credentials) = (activeName, config, INIFile())
        (configPath, credentialsPath) = ("", "")
    }

    /// Reads the files; those that do not exist are empty. A profile that was named has to be in one of them.
    init(environment: Environment, named explicit: String? = nil) throws(Failure) {
        let stated = explicit ?? environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"]
        activeName = stated ?? "default"
        configPath = environment["AWS_CONFIG_FILE"] ?? "~/.aws/config"
        credentialsPath = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials"
        config = try Self.read(configPath, environment)
        credentials = try Self.read(credentialsPath, environment)
        if let stated, profile(stated) == nil {
            throw Failure(
                "aws_profile_not_found", "the AWS profile \"\(stated)\" is neither in \(configPath) nor in \(credentialsPath)",
                hint: "Check `profile:` and AWS_PROFILE; `aws configure list-profiles` shows what there is.")
        }
    }

    var active: Profile? { profile(activeName) }

    func profile(_ name: String) -> Profile? {
        let inConfig = config.sections["profile \(name)"] ?? (name == "default" ? config.sections["default"] : nil)
        let inCredentials = credentials.sections[name]
        guard inConfig != nil || inCredentials != nil else { return nil }
        return Profile(name: name, credentials: inCredentials, config: inConfig)
    }

    /// The `endpoint_url` that the active profile's services section gives a service.
    func serviceEndpoint(_ service: String) -> String? {
        guard let services = active?["services"] else { return nil }
        return config.sections["services \(services)"]?.nested[service]?["endpoint_url"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func read(_ path: String, _ environment: Environment) throws(Failure) -> INIFile {
        guard let file = environment.expanded(path), let bytes = environment.readFile(file) else { return INIFile() }
        do {
            return try INIFile(bytes)
        } catch {
            throw Failure("aws_config_syntax", "line \(error.line) of \(path) cannot be read: \(error.reason)")
        }
    }
}
