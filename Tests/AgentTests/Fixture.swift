import Components
import FoundationEssentials
import Leasing
import Logging
import Pipeline
import Records
import Synchronization
import Testing

@testable import Agent

/// A folder that is gone with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("agent-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
    }

    /// Empty where there is no such file.
    func lines(_ name: String) -> [String] {
        let data = (try? Data(contentsOf: URL(filePath: file(name)))) ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// Plans from text, without files.
func plans(_ texts: String..., sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> [Plan] {
    let files = texts.enumerated().map { PipelineFile(name: "p\($0.offset).yaml", text: $0.element) }
    let result = compilePipelines(files: files, catalogue: .agent)
    try #require(result.diagnostics.isEmpty, "\(result.diagnostics)", sourceLocation: sourceLocation)
    return result.plans
}

/// Keeps what it is given until it is told to acknowledge.
final class FakeSink: Sink {
    private let taken = Mutex<[SinkBatch]>([])

    var records: [Record] { taken.withLock { $0.flatMap(\.records) } }

    func write(_ batch: SinkBatch) { taken.withLock { $0.append(batch) } }
    func run() {}
    func finish() {}

    func acknowledgeAll() {
        for batch in taken.withLock({ $0 }) { batch.delivery.acknowledge(batch.records.count) }
    }
}

/// What a test says of one record of a delivery.
typealias ReadItem = (record: Record, failure: Failure?, position: Position?)

extension Router {
    func deliver(_ items: [ReadItem], progress: ShardProgress) async throws {
        let all = Array(items.enumerated())
        try await deliver(
            SourceItems(
                records: RecordBatch(items.map(\.record)),
                failures: all.compactMap { item in item.element.failure.map { (item.offset, $0) } },
                positions: ReadPositions(all.compactMap { item in item.element.position.map { (item.offset + 1, $0) } })),
            progress: progress)
    }
}
