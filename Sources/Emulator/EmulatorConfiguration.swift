/// Where and how an embedded stream is served.
public struct EmulatorConfiguration: Sendable {
    /// Where streams and their records are kept.
    public enum Storage: Sendable, Hashable {
        /// Gone when the server stops.
        case memory
        /// In a SQLite database in this folder, which is made when missing; one process at a time may use it.
        case directory(String)
    }

    /// The address to listen on: a host name or an IP address.
    public var host = "127.0.0.1"
    /// 0 takes a free one.
    public var port = 0
    /// Where streams and their records are kept.
    public var storage: Storage
    /// Twelve digits, part of every ARN.
    public var accountID = "000000000000"
    /// Part of every ARN.
    public var region = "us-east-1"
    /// How long streams stay CREATING, UPDATING or DELETING.
    public var stateChangeDelay: Duration = .zero
    /// How long a record can be read in streams created from now on. AWS's default, and its minimum, is 24 hours
    /// (Amazon Kinesis Data Streams Developer Guide, "Changing the data retention period").
    public var retention: Duration = .seconds(24 * 3_600)

    /// With keys, requests must be signed with them; without, every request is taken.
    public var keys: Keys?
    /// Connections that neither send nor are sent a byte for so long are closed.
    public var idleTimeout: Duration = .seconds(120)
    /// Connections at a time; those beyond are closed at once.
    public var connectionLimit = 4_096
    /// Whether AWS's limits are enforced: 1,000 records and 1 MiB written, 2 MiB and 5 GetRecords read per second and shard, and the rates of
    /// the other actions.
    public var quotas = false
    /// What goes wrong on purpose; nil for nothing. Request ids then follow from its seed too.
    public var faults: FaultConfiguration?
    /// What everything that is stamped, expired or limited goes by.
    public var clock: any EmulatorClock = SystemClock()
    /// Serves https, with HTTP/2 for clients that ask for it; nil for plain HTTP/1.1.
    public var tls: TLS?

    /// A certificate and its key, in PEM files.
    public struct TLS: Sendable, Hashable {
        /// The server's own certificate first.
        public var certificateChain: String
        /// Without a passphrase.
        public var privateKey: String

        /// Paths.
        public init(certificateChain: String, privateKey: String) {
            self.certificateChain = certificateChain
            self.privateKey = privateKey
        }
    }

    /// A pair of access keys, as clients sign with them.
    public struct Keys: Sendable, Hashable {
        /// What requests name in their credential.
        public var accessKey: String
        /// What they are signed with.
        public var secretKey: String

        /// Both as clients have them.
        public init(accessKey: String, secretKey: String) {
            self.accessKey = accessKey
            self.secretKey = secretKey
        }
    }

    /// Everything but the storage has a default.
    public init(storage: Storage) {
        self.storage = storage
    }
}
