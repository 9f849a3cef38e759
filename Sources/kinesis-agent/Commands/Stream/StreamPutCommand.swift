import ArgumentParser
import Coordination
import Kinesis
import Records
import Synchronization

struct StreamPutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Puts each line of stdin into a stream as one record.",
        discussion: "Lines are put as they are, JSON or not. Ends with 0 once all of them are stored.")

    @OptionGroup var access: StreamAccess
    @OptionGroup var target: StreamArgument

    @Option(name: [.short, .long], help: "The partition key of every record; by default a random one each.")
    var key: String?

    func run() async throws {
        try await access.withClient { client, logger in
            let stored = Atomic<Int>(0)
            var configuration = ProducerConfiguration()
            configuration.bufferTime = .milliseconds(20)
            try await Self.put(
                lines: key,
                Producer<Void>(stream: target.stream, transport: client, configuration: configuration, logger: logger) {
                    stored.add($0.count, ordering: .relaxed)
                })
            StandardError.write("\(stored.load(ordering: .relaxed)) records put\n")
        }
    }

    private static func put(lines key: String?, _ producer: Producer<Void>) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await producer.run() }
            group.addTask {
                // The process does nothing else: a blocking read holds nobody up.
                for line in InputLines() {
                    let randomKey = String(UInt64.random(in: .min ... .max), radix: 36)
                    try await producer.put(data: RecordData(line), partitionKey: key ?? randomKey, token: ())
                }
                producer.finish()
            }
            try await group.waitForAll()
        }
    }
}
