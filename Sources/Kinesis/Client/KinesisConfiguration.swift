/// How to reach Kinesis. What is nil is found as the AWS SDKs find it: environment, profile files, instance metadata.
public struct KinesisConfiguration: Sendable {
    /// `eu-west-1`.
    public var region: String?
    /// A URL that takes the place of AWS's own host.
    public var endpoint: String?
    /// A profile of the AWS configuration files; naming one here passes over credentials in the environment.
    public var profile: String?
    /// The ARN of a role to assume with the credentials found.
    public var assumeRole: String?
    /// An access key that takes the place of every other source.
    public var credentials: StaticCredentials?
    /// For a TCP connection and its TLS handshake.
    public var connectTimeout: Duration
    /// For one attempt of a call, its reply included.
    public var requestTimeout: Duration
    /// For every call but PutRecords and GetRecords, whose callers decide themselves. Nil for five attempts, or AWS_MAX_ATTEMPTS.
    public var retry: RetryPolicy?
    /// Connections to one host; further calls wait for one.
    public var maxConnections: Int
    /// How PutRecords and GetRecords are written. Nil for `auto` where AWS is spoken to, whose own SDK for Java writes CBOR, and for JSON
    /// elsewhere: some servers in its place take CBOR and store something else.
    public var wire: WirePreference?

    /// See the properties.
    public init(
        region: String? = nil, endpoint: String? = nil, profile: String? = nil, assumeRole: String? = nil,
        credentials: StaticCredentials? = nil,
        connectTimeout: Duration = .seconds(5), requestTimeout: Duration = .seconds(30), retry: RetryPolicy? = nil,
        maxConnections: Int = 256, wire: WirePreference? = nil
    ) {
        self.region = region
        self.endpoint = endpoint
        self.profile = profile
        self.assumeRole = assumeRole
        self.credentials = credentials
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.retry = retry
        self.maxConnections = maxConnections
        self.wire = wire
    }
}
