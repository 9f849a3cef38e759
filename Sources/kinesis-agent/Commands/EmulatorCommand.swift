import Agent
import ArgumentParser
import Emulator
import Glibc
import Leasing
import Logging
import Pipeline

struct EmulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emulator",
        abstract: "Serves the embedded stream to any Kinesis client: for one machine, for development.",
        discussion: """
            The first line on stdout is the URL.

            Faults can be switched while it runs, from this machine alone: PUT a fault file to URL/_kinesis-agent/faults, GET the one in force, \
            DELETE it.
            """)

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 takes a free one.")
    var port = 4567

    @Option(help: ArgumentHelp("The folder for the streams. Default: `stream` in the state folder.", valueName: "dir"))
    var data: String?

    @Flag(help: "Keep the streams in memory, as long as the process runs.")
    var memory = false

    @Flag(
        help:
            "Enforce AWS's limits: per shard and second 1,000 records and 1 MiB written, 5 reads and 2 MiB read; the rates of all actions.")
    var quotas = false

    @Option(
        help: ArgumentHelp("A fault file: what goes wrong on purpose.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var faults: String?

    @Option(help: ArgumentHelp("Serve https with this certificate chain (PEM).", valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("The certificate's key (PEM).", valueName: "file"))
    var tlsKey: String?

    @Option(name: .customLong("access-key"), help: "Take only requests signed with this access key; needs --secret-key.")
    var accessKey: String?

    @Option(name: .customLong("secret-key"), help: "The secret of the access key. Default: $KINESIS_AGENT_EMULATOR_SECRET_KEY.")
    var secretKey: String?

    @Option(
        help: ArgumentHelp("How long streams stay CREATING, UPDATING or DELETING, and consumers too.", valueName: "duration"),
        transform: duration)
    var stateChangeDelay: Duration = .zero

    @Option(help: ArgumentHelp("How long records of new streams are kept.", valueName: "duration"), transform: duration)
    var retention: Duration = .seconds(24 * 3_600)

    @Option(help: "The AWS region in ARNs.")
    var region = "us-east-1"

    @Option(help: "The account in ARNs: twelve digits.")
    var account = "000000000000"

    @OptionGroup var log: LogOptions

    func validate() throws {
        if account.utf8.count != 12 || !account.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw ValidationError("--account is twelve digits")
        }
        if (accessKey == nil) != (secret == nil) { throw ValidationError("--access-key and --secret-key are given together") }
        if retention <= .zero { throw ValidationError("--retention is more than 0") }
        if memory, data != nil { throw ValidationError("--memory and --data exclude each other") }
        if (tlsCert == nil) != (tlsKey == nil) { throw ValidationError("--tls-cert and --tls-key belong together") }
        if !(0...65_535).contains(port) { throw ValidationError("--port is 0 to 65535") }
    }

    /// A secret on the command line is for everybody on the machine to see.
    private var secret: String? {
        secretKey ?? (accessKey == nil ? nil : ProcessEnvironment.all["KINESIS_AGENT_EMULATOR_SECRET_KEY"])
    }

    func run() async throws {
        let logger = log.logger()
        let folder = data ?? "\(StateFolder.path(environment: ProcessEnvironment.all))/stream"
        var configuration = EmulatorConfiguration(storage: memory ? .memory : .directory(folder))
        configuration.host = host
        configuration.port = port
        configuration.quotas = quotas
        configuration.faults = try faults.map(Self.faults)
        if let tlsCert, let tlsKey { configuration.tls = .init(certificateChain: tlsCert, privateKey: tlsKey) }
        configuration.region = region
        configuration.accountID = account
        configuration.retention = retention
        configuration.stateChangeDelay = stateChangeDelay
        if let accessKey, let secret { configuration.keys = .init(accessKey: accessKey, secretKey: secret) }
        let settings = configuration
        try await Termination.drainingOnSignals(logger) { draining in
            let server = try await EmulatorServer.start(settings, logger: logger)
            try StandardOutput.write(server.url + "\n")
            logger.info(
                "serving Kinesis", metadata: ["url": "\(server.url)", "data": "\(memory ? "memory" : folder)"])
            let keys = settings.keys == nil ? " AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any" : ""
            StandardError.write("export AWS_ENDPOINT_URL_KINESIS=\(server.url)\(keys) AWS_REGION=\(settings.region)\n")
            await draining.wait()
            await server.stop()
        }
    }

    /// The faults of a file. Diagnostics go to stderr; errors end the command with 78 (`EX_CONFIG` of sysexits.h).
    private static func faults(path: String) throws -> FaultConfiguration {
        let (faults, diagnostics, files) = FaultConfiguration.load(
            path: path, interpolation: Interpolation(environment: ProcessEnvironment.all))
        if !diagnostics.isEmpty {
            StandardError.write(DiagnosticRenderer(files: files, usesColor: StandardError.usesColor).render(diagnostics))
        }
        guard let faults else { throw ExitCode(EX_CONFIG) }
        return faults
    }
}
