import Logging

@testable import Kinesis

let testKey = StaticCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

extension KinesisClient {
    /// A client in eu-west-1 with keys of its own that waits no time between attempts.
    static func fake(
        _ transport: FakeTransport, subscriptions: any StreamTransport = FakeStreamTransport([]), attempts: Int = 3,
        environment: Environment = .fake(),
        configure: (inout KinesisConfiguration) -> Void = { _ in }
    ) async throws -> KinesisClient {
        var configuration = KinesisConfiguration(region: "eu-west-1", credentials: testKey, wire: .json)
        configuration.retry = RetryPolicy(maxAttempts: attempts, transientBase: .zero, throttleBase: .zero)
        configure(&configuration)
        return try await KinesisClient(
            configuration, environment: environment, transport: transport, subscriptions: subscriptions, logger: Logger(label: "test"))
    }
}
