public import Logging
public import Records

/// The embedded stream: an HTTP server that speaks the Kinesis API, for one machine and for development.
public final class EmulatorServer: Sendable {
    /// The base URL for clients: `http://127.0.0.1:PORT`.
    public let url: String

    init(url: String) {
        self.url = url
    }

    /// Opens the storage and listens.
    ///
    /// Throws a `Failure`: `state_in_use` when another process holds the folder, `state_unusable` when it cannot be opened,
    /// `address_unusable` when the address cannot be listened on.
    public static func start(_ configuration: EmulatorConfiguration, logger: Logger) async throws -> EmulatorServer {
        throw Failure("address_unusable", "not serving yet")
    }

    /// Stops listening, closes the connections and the storage. What was acknowledged is kept.
    public func stop() async {}
}
