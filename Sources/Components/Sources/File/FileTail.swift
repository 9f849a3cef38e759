import Coordination
import Leasing
import Logging
import Records
import Synchronization

/// Finds files, and reads each one on a task of its own under a lease of its own.
final class FileTail: Sendable {
    private struct State {
        var open: [InputFile.Identity: FileReader] = [:]
        /// Read to their ends, where files are not followed.
        var done: Set<InputFile.Identity> = []
        var hasScanned = false
        var isBlocked = false
        var failure: (any Error)?
    }

    private let patterns: FilePatterns
    private let config: FileSource.Config
    private let table: any LeaseTable
    private let holder: LeaseHolder
    private let context: SourceContext
    private let state = Mutex(State())

    /// How often new files are looked for.
    private static let scanInterval = Duration.seconds(1)

    init(patterns: FilePatterns, config: FileSource.Config, table: any LeaseTable, holder: LeaseHolder, context: SourceContext) {
        self.patterns = patterns
        self.config = config
        self.table = table
        self.holder = holder
        self.context = context
    }

    var isIdle: Bool {
        state.withLock { $0.hasScanned && !$0.isBlocked && $0.open.values.allSatisfy(\.isIdle) }
            && holder.shards.allSatisfy { $0.progress.outstanding == 0 }
    }

    func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.holder.run(until: self.context.settled) }
            await withDiscardingTaskGroup { readers in
                await self.scan { reader in readers.addTask { await self.follow(reader) } }
                for shard in self.holder.shards { shard.stop.open() }
            }
            self.context.readingEnded()
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    // MARK: Finding

    private func scan(_ start: (FileReader) -> Void) async {
        var isFirst = true
        while !context.draining.isOpen, !Task.isCancelled {
            do {
                let isComplete = try await scanOnce(isFirst: isFirst, start)
                isFirst = false
                if isComplete, !config.follow { return await waitForReaders() }
            } catch {
                fail(error)
                return
            }
            await context.draining.wait(atMost: Self.scanInterval)
        }
    }

    /// True when every file that matches is being read here, or has been.
    private func scanOnce(isFirst: Bool, _ start: (FileReader) -> Void) async throws -> Bool {
        let found = patterns.expand().compactMap { path in InputFile.identity(of: path).map { (path, $0) } }
        if isFirst, found.isEmpty {
            context.logger.warning("no file matches yet", metadata: ["include": "\(config.include.joined(separator: ", "))"])
        }
        let fresh = state.withLock { state in found.filter { state.open[$0.1] == nil && !state.done.contains($0.1) } }
        var isBlocked = false
        if !fresh.isEmpty {
            let rows = try await table.leases()
            for (path, identity) in fresh {
                if let reader = try await open(path, identity, rows: rows, isFirst: isFirst) {
                    state.withLock { $0.open[identity] = reader }
                    start(reader)
                } else {
                    isBlocked = true
                }
            }
        }
        state.withLock { state in
            state.hasScanned = true
            state.isBlocked = isBlocked
        }
        return !isBlocked
    }

    /// Nil while another agent reads the file.
    private func open(_ path: String, _ identity: InputFile.Identity, rows: [Lease], isFirst: Bool) async throws -> FileReader? {
        let file = try InputFile(opening: path)
        let size = try file.status().size
        var key = FileKey.latest(of: identity, in: rows.map(\.shard)) ?? FileKey(identity: identity)
        let known = rows.first { $0.shard == key.text }
        if let known, known.position.offset > size { key = key.next }
        let isOld = isFirst && known == nil && config.startAt == .end
        let start = Position.sequence(SequenceNumber(isOld ? size : 0), subSequence: nil)
        try await table.create([NewLease(shard: key.text, position: start, detail: path)])
        guard let shard = try await holder.acquire(key.text) else { return nil }
        try file.seek(to: shard.start.offset)
        context.logger.info(
            "reading file", metadata: ["file": "\(path)", "offset": "\(shard.start.offset)", "size": "\(size)"])
        return FileReader(
            file: file, key: key, shard: shard, maxLine: config.maxLine.bytes, follow: config.follow,
            decoder: LineDecoder(source: context.node, processor: config.processor), receiver: context.receiver)
    }

    /// Files that are read once: there is nothing more to do when all of them are.
    private func waitForReaders() async {
        while !context.draining.isOpen, !Task.isCancelled, state.withLock({ !$0.open.isEmpty }) {
            await context.draining.wait(atMost: .milliseconds(50))
        }
    }

    // MARK: Reading

    private func follow(_ reader: FileReader) async {
        do {
            let ending = try await reader.run()
            if case .stopped = ending, !holder.isHandingOver(reader.shard) { return }
            guard await reader.shard.progress.settle(unless: context.settled) else { return }
            if case .truncated = ending {
                context.logger.warning("file was cut; reading it from its beginning", metadata: ["file": "\(reader.file.path)"])
                let start = Position.sequence(SequenceNumber(0), subSequence: nil)
                try await table.create([NewLease(shard: reader.key.next.text, position: start, detail: reader.file.path)])
            }
            try await holder.handOver(reader.shard)
            state.withLock { state in
                state.open[reader.key.identity] = nil
                if case .ended = ending { state.done.insert(reader.key.identity) }
            }
        } catch {
            if !Task.isCancelled { fail(error) }
        }
    }

    private func fail(_ error: any Error) {
        state.withLock { $0.failure = $0.failure ?? error }
        context.failed(error)
    }
}

extension Position {
    /// Of the byte behind the last line that is done.
    var offset: UInt64 {
        if case .sequence(let number, _) = self { UInt64(number.digits) ?? 0 } else { 0 }
    }
}
