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

    /// Everything but the storage has a default.
    public init(storage: Storage) {
        self.storage = storage
    }
}
