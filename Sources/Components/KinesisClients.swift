public import Kinesis
public import Logging
public import Pipeline
import Records

/// The Kinesis clients of one run: nodes that speak to the same place as the same identity share one.
public actor KinesisClients {
    /// What tells one client from another.
    public struct Target: Sendable, Hashable {
        /// Nil as the AWS SDKs find it.
        public var region: String?
        /// Nil for AWS's own.
        public var endpoint: EndpointSetting?
        /// A profile of the AWS configuration files.
        public var profile: String?
        /// The ARN of a role.
        public var assumeRole: String?
        /// How requests with records are written; nil by what they are sent to.
        public var wire: WireSetting?

        /// What is nil is left to the AWS configuration.
        public init(
            region: String? = nil, endpoint: EndpointSetting? = nil, profile: String? = nil, assumeRole: String? = nil,
            wire: WireSetting? = nil
        ) {
            self.region = region
            self.endpoint = endpoint
            self.profile = profile
            self.assumeRole = assumeRole
            self.wire = wire
        }
    }

    /// A node's own settings go over these.
    private let defaults: Target
    /// Where the embedded stream listens; nil when this run has none.
    private let embeddedURL: String?
    private let logger: Logger
    private var clients: [Target: KinesisClient] = [:]

    /// No client is made before it is asked for.
    public init(defaults: Target, embeddedURL: String?, logger: Logger) {
        self.defaults = defaults
        self.embeddedURL = embeddedURL
        self.logger = logger
    }

    /// The client of a node with these settings of its own. Throws a `Failure` or `KinesisError` where there can be none.
    public func client(region: String? = nil, endpoint: EndpointSetting? = nil) async throws -> KinesisClient {
        var target = defaults
        target.region = region ?? defaults.region
        target.endpoint = endpoint ?? defaults.endpoint
        if let client = clients[target] { return client }
        let client = try await KinesisClient(configuration(for: target), logger: logger)
        clients[target] = client
        return client
    }

    /// True where a node reads or writes the embedded stream, on which missing streams are created.
    public func isEmbedded(_ endpoint: EndpointSetting?) -> Bool {
        (endpoint ?? defaults.endpoint) == .embedded
    }

    /// Creates the stream where it is missing, and waits until it can be used.
    public func ensure(stream: StreamIdentifier, shards: Int, on client: KinesisClient) async throws {
        do throws(KinesisError) {
            // Asked first: whoever may not create streams can still use those that are there.
            if try await client.describeStreamSummary(stream).isUsable { return }
        } catch {
            guard error.kind == .notFound else { throw error }
            try await create(stream, shards: shards, on: client)
        }
        try await client.waitUntilUsable(stream)
    }

    private func create(_ stream: StreamIdentifier, shards: Int, on client: KinesisClient) async throws(KinesisError) {
        do throws(KinesisError) {
            try await client.createStream(stream.name, shards: shards)
        } catch {
            // Another agent may have been faster.
            if error.kind != .resourceInUse { throw error }
        }
    }

    private func configuration(for target: Target) throws(Failure) -> KinesisConfiguration {
        var configuration = KinesisConfiguration()
        configuration.region = target.region
        configuration.profile = target.profile
        configuration.assumeRole = target.assumeRole
        configuration.wire =
            switch target.wire {
            case .json: .json
            case .cbor: .cbor
            case .auto: .auto
            case nil: target.endpoint == .embedded ? .auto : nil
            }
        switch target.endpoint {
        case .embedded:
            guard let embeddedURL else { throw Failure("no_embedded_stream", "this run has no embedded stream") }
            configuration.endpoint = embeddedURL
            configuration.region = target.region ?? "us-east-1"
            // The embedded stream checks no signature; the client still signs, so that both ends do what they do elsewhere.
            configuration.credentials = StaticCredentials(accessKeyID: "embedded", secretAccessKey: "embedded")
        case .url(let url): configuration.endpoint = url
        case nil: break
        }
        return configuration
    }
}
