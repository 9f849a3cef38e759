import Checkpoints
import Coordination
import FoundationEssentials
import Leasing
import Logging
import Pipeline
import Records
import Synchronization
import Testing

@testable import Components

/// A folder that is gone with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("components-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
    }

    func append(_ text: String, to name: String) throws {
        let handle = try OutputFile(appendingTo: file(name))
        try handle.append(Array(text.utf8))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: file(name))), as: UTF8.self)
    }
}

/// One record that a source delivered.
struct ReadItem: Sendable {
    var record: Record
    var failure: Failure?
    var position: Position?
}

extension SourceItems {
    var items: [ReadItem] {
        records.enumerated().map { index, record in
            ReadItem(
                record: record, failure: failures.first { $0.index == index }?.failure,
                position: positions.first { $0.end == index + 1 }?.position)
        }
    }
}

/// Takes records in the stead of a pipeline, and acknowledges them where it is told to.
final class Collector: ItemReceiver {
    private struct State {
        var items: [ReadItem] = []
        var waiters: [(count: Int, latch: Latch)] = []
    }

    private let state = Mutex(State())
    private let acknowledges: Bool

    init(acknowledges: Bool = true) { self.acknowledges = acknowledges }

    var items: [ReadItem] { state.withLock { $0.items } }
    var texts: [String] {
        items.map { item in
            if case .string(let text) = item.record.value { text } else { item.failure?.code ?? "\(item.record.value)" }
        }
    }

    func deliver(_ items: SourceItems, progress: ShardProgress) {
        if let position = items.positions.last?.position {
            let ticket = progress.register(position)
            if acknowledges { progress.complete(ticket) }
        }
        state.withLock { state in
            state.items += items.items
            state.waiters.removeAll { waiter in
                guard state.items.count >= waiter.count else { return false }
                waiter.latch.open()
                return true
            }
        }
    }

    /// Returns once so many records have come. The limit only ends a test that fails.
    func waitFor(_ count: Int) async {
        let latch = Latch()
        state.withLock { state in
            if state.items.count >= count { latch.open() } else { state.waiters.append((count, latch)) }
        }
        await latch.wait(atMost: .seconds(20))
    }
}

/// What one source is given, with handles on its end.
struct Harness {
    let store: any CheckpointStore
    let collector: Collector
    let draining = Latch()
    let settled = Latch()
    let failures = Failures()
    var worker = "worker-1"
    var timing = LeaseTiming()

    init(store: any CheckpointStore = MemoryStore(), collector: Collector = Collector()) {
        self.store = store
        self.collector = collector
    }

    var context: SourceContext {
        SourceContext(
            pipeline: "test", node: "in", clients: KinesisClients(defaults: .init(), embeddedURL: nil, logger: .silent), store: store,
            worker: worker, leases: timing, draining: draining, settled: settled, receiver: collector, logger: .silent,
            readingEnded: { [settled] in settled.open() },
            failed: { [failures, draining] in
                failures.note($0)
                draining.open()
            })
    }

    /// Runs a source while `body` looks at it, then drains it.
    func run(_ source: some Source, _ body: () async throws -> Void) async throws {
        async let running: Void = source.run(context)
        do {
            try await body()
        } catch {
            draining.open()
            try? await running
            throw error
        }
        draining.open()
        try await running
    }
}

final class Failures: Sendable {
    private let errors = Mutex<[any Error]>([])
    func note(_ error: any Error) { errors.withLock { $0.append(error) } }
    var codes: [String] { errors.withLock { $0.map { ($0 as? Failure)?.code ?? "\($0)" } } }
}

/// Acknowledgements of a sink, and what it refuses.
final class Acknowledgements: Sendable {
    private struct State {
        var count = 0
        var rejected: [String] = []
        var waiters: [(count: Int, latch: Latch)] = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }
    var rejected: [String] { state.withLock { $0.rejected } }

    func record(_ value: Value, key: String? = nil, arrivedAt: Int64? = nil) -> SinkRecord {
        let origin = Origin(ReadPlace(source: "in"), ReadEntry(partitionKey: key, arrivedAt: arrivedAt))
        return SinkRecord(Record(value, origin: origin), delivery: Delivery { self.note() })
    }

    /// Acknowledged as a whole.
    func batch(_ values: [Value], key: (Int) -> String? = { _ in nil }) -> SinkBatch {
        let delivery = Delivery { self.note(values.count) }
        delivery.expect(values.count)
        delivery.acknowledge()
        return SinkBatch(values.enumerated().map { record($1, key: key($0)).record }, delivery: delivery)
    }

    private func note(_ count: Int = 1) {
        state.withLock { state in
            state.count += count
            for waiter in state.waiters where state.count >= waiter.count { waiter.latch.open() }
        }
    }

    func waitFor(_ count: Int) async {
        let latch = Latch()
        state.withLock { state in
            if state.count >= count { latch.open() } else { state.waiters.append((count, latch)) }
        }
        await latch.wait(atMost: .seconds(20))
    }

    /// Rejected records count as acknowledged, as a dead letter's do.
    func context(stops: Bool = false) -> SinkContext {
        SinkContext(
            pipeline: "p", node: "out", clients: KinesisClients(defaults: .init(), embeddedURL: nil, logger: .silent), logger: .silent
        ) { record, failure in
            if stops { throw failure }
            self.state.withLock { $0.rejected.append(failure.code) }
            record.delivery.acknowledge()
        }
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// Compiles a pipeline around one node, which begins in line 5, column 7.
enum Config {
    /// Of `checkpoints: {redis: …}`.
    static func storeProblems(_ redis: String) -> [String] {
        problems(in: "pipeline: p\nsources: {in: {stdin: {}}}\nsinks: {out: {discard: {}}}\ncheckpoints:\n  redis: \(redis)\n")
    }

    static func problems(_ node: String, section: String = "sinks") -> [String] {
        let other = section == "sinks" ? "sources:\n  in: {stdin: {}}" : "sinks:\n  out: {discard: {}}"
        return problems(in: "pipeline: p\n\(other)\n\(section):\n  it: \(node)\n")
    }

    private static func problems(in text: String) -> [String] {
        let catalogue = Catalogue(
            sources: Sources.all.map { $0.declaration }, sinks: Sinks.all.map { $0.declaration }, steps: [],
            checkpointStores: Stores.all.map { $0.declaration })
        return compilePipelines(files: [PipelineFile(name: "p.yaml", text: text)], catalogue: catalogue).diagnostics.map {
            "\($0.code) \($0.location?.line ?? 0):\($0.location?.column ?? 0)"
        }
    }
}

extension SinkRecord {
    /// Alone.
    var batch: SinkBatch { SinkBatch([record], delivery: delivery) }
}

extension Sink {
    /// Each as a batch of its own.
    func write(_ records: [SinkRecord]) async throws {
        for record in records { try await write(record.batch) }
    }
}

extension StreamWriter {
    /// Each as a batch of its own.
    func write(_ records: [SinkRecord]) async throws {
        for record in records { try await write(record.batch) }
    }
}
