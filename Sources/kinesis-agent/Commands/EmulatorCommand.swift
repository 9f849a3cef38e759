import Agent
import ArgumentParser
import Emulator
import Leasing
import Logging

struct EmulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emulator",
        abstract: "Serves the embedded stream to any Kinesis client: for one machine, for development.",
        discussion: "The first line on stdout is the URL.")

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 takes a free one.")
    var port = 4567

    @Option(help: ArgumentHelp("The folder for the streams. Default: `stream` in the state folder.", valueName: "dir"))
    var data: String?

    @Flag(help: "Keep the streams in memory, as long as the process runs.")
    var memory = false

    @OptionGroup var log: LogOptions

    func validate() throws {
        if memory, data != nil { throw ValidationError("--memory and --data exclude each other") }
        if !(0...65_535).contains(port) { throw ValidationError("--port is 0 to 65535") }
    }

    func run() async throws {
        let logger = log.logger()
        let folder = data ?? "\(StateFolder.path(environment: ProcessEnvironment.all))/stream"
        var configuration = EmulatorConfiguration(storage: memory ? .memory : .directory(folder))
        configuration.host = host
        configuration.port = port
        let settings = configuration
        try await Termination.drainingOnSignals(logger) { draining in
            let server = try await EmulatorServer.start(settings, logger: logger)
            try StandardOutput.write(server.url + "\n")
            logger.info(
                "serving Kinesis", metadata: ["url": "\(server.url)", "data": "\(memory ? "memory" : folder)"])
            StandardError.write(
                "export AWS_ENDPOINT_URL_KINESIS=\(server.url) AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_REGION=us-east-1\n")
            await draining.wait()
            await server.stop()
        }
    }
}
