import Agent
import ArgumentParser
import Coordination
import Kinesis
import Leasing
import Logging

struct StreamTailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Prints a stream's records, a line each, KPL aggregates opened.",
        discussion:
            "Runs until a signal, until -n records are printed, or until every shard has ended. It keeps no positions and takes no leases.")

    enum Start: String, ExpressibleByArgument, CaseIterable {
        case latest = "LATEST"
        case trimHorizon = "TRIM_HORIZON"
    }

    @OptionGroup var access: StreamAccess
    @OptionGroup var target: StreamArgument

    @Option(name: [.customShort("n"), .long], help: "End after so many records.")
    var count: Int?

    @Option(name: [.customShort("i"), .long], help: "Where to begin: LATEST or TRIM_HORIZON.")
    var iteratorType = Start.latest

    func validate() throws {
        if let count, count < 1 { throw ValidationError("-n is at least 1") }
    }

    func run() async throws {
        try await access.withClient { client, logger in
            let start: IteratorStart = iteratorType == .latest ? .latest : .trimHorizon
            let tail = StreamTail(client: client, stream: target.stream, start: start, limit: count) { try StandardOutput.write($0) }
            try await Termination.drainingOnSignals(logger) { draining in try await tail.run { await draining.wait() } }
        }
    }
}
