import Agent
import ArgumentParser
import Emulator
import Kinesis
import Logging
import Records

/// Which Kinesis a `stream` command speaks to.
struct StreamAccess: ParsableArguments {
    @Option(help: "The URL of Kinesis, or `embedded` for the streams in the state folder. Default: AWS's own, as the AWS SDKs find it.")
    var endpoint: String?

    @Option(help: "The AWS region.")
    var region: String?

    @Option(help: "The profile of the AWS configuration files.")
    var profile: String?

    @Option(help: "The state folder of the embedded streams.")
    var state: String?

    /// Runs `body` with a client; what fails is told and ends the command with 1.
    func withClient(_ body: (KinesisClient, Logger) async throws -> Void) async throws {
        // Only what goes wrong is worth a line beside the data.
        var logger = LogOptions.parseOrExit([]).logger()
        logger.logLevel = max(logger.logLevel, .warning)
        do {
            let embedded = endpoint == "embedded" ? try await startEmbeddedStream(logger) : nil
            do {
                try await body(try await KinesisClient(configuration(embedded), logger: logger), logger)
            } catch {
                await embedded?.stop()
                throw error
            }
            await embedded?.stop()
        } catch {
            throw Termination.report(error)
        }
    }

    private func configuration(_ embedded: EmulatorServer?) -> KinesisConfiguration {
        var configuration = KinesisConfiguration()
        configuration.region = region
        configuration.profile = profile
        configuration.endpoint = embedded?.url ?? endpoint
        if embedded != nil {
            configuration.region = region ?? "us-east-1"
            configuration.credentials = StaticCredentials(accessKeyID: "embedded", secretAccessKey: "embedded")
        }
        return configuration
    }

    private func startEmbeddedStream(_ logger: Logger) async throws -> EmulatorServer {
        let folder = "\(state ?? StateFolder.path(environment: ProcessEnvironment.all))/stream"
        return try await EmulatorServer.start(EmulatorConfiguration(storage: .directory(folder)), logger: logger)
    }
}

/// The stream that a command is about.
struct StreamArgument: ParsableArguments {
    @Argument(help: "The stream's name or ARN.", transform: Self.identifier)
    var stream: StreamIdentifier

    private static func identifier(_ text: String) throws -> StreamIdentifier {
        guard let stream = StreamIdentifier(text) else { throw ValidationError("`\(text)` is neither a stream's name nor its ARN") }
        return stream
    }
}
