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
        /// Another agent reads some of the files, and is not known to live.
        var isBlocked = false
        var liveness: OwnerLiveness
        /// By path: told once, and tried again at every scan.
        var unreadable: [String: Failure] = [:]
        var failure: (any Error)?
    }

    private let config: FileSource.Config
    private let table: any LeaseTable
    private let holder: LeaseHolder
    private let context: SourceContext
    private let state: Mutex<State>

    /// How often new files are looked for.
    private static let scanInterval = Duration.seconds(1)

    init(config: FileSource.Config, table: any LeaseTable, context: SourceContext) {
        self.config = config
        self.table = table
        self.context = context
        holder = LeaseHolder(
            table: table, worker: context.worker, timing: context.leases, logger: context.logger,
            dimensions: [("pipeline", context.pipeline), ("node", context.node)])
        state = Mutex(State(liveness: OwnerLiveness(patience: context.leases.heartbeatFrequency * 2.5)))
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
        do {
            let isFirstStart = try await proposeStart()
            var isFirst = true
            while !context.draining.isOpen, !Task.isCancelled {
                let isComplete = try await scanOnce(startsAtEnd: isFirst && isFirstStart && config.startAt == .end, isFirst, start)
                isFirst = false
                if isComplete, !config.follow { return await waitForReaders() }
                await context.draining.wait(atMost: Self.scanInterval)
            }
        } catch {
            fail(error)
        }
    }

    /// True at the first start of all: files that turn up while no agent runs are new, and read from their beginning.
    private func proposeStart() async throws -> Bool {
        let now = GroupStart(position: .timestamp(UTCTime.now().milliseconds))
        return try await table.start(proposing: now) == now
    }

    /// True when every file that matches is being read here, or has been, or cannot be.
    private func scanOnce(startsAtEnd: Bool, _ isFirst: Bool, _ start: (FileReader) -> Void) async throws -> Bool {
        let found = find()
        if isFirst, found.isEmpty {
            context.logger.warning("no file matches yet", metadata: ["include": "\(config.include.joined(separator: ", "))"])
        }
        let fresh = state.withLock { state in found.filter { state.open[$0.identity] == nil && !state.done.contains($0.identity) } }
        var isComplete = true
        if !fresh.isEmpty {
            let sentAt = MonotonicTime.now()
            let rows = FileRows(try await table.leases())
            let receivedAt = MonotonicTime.now()
            for (path, identity) in fresh {
                guard let file = open(path) else { continue }
                if let reader = try await lease(file, identity, rows: rows, startsAtEnd: startsAtEnd) {
                    state.withLock { $0.open[identity] = reader }
                    start(reader)
                } else {
                    isComplete = false
                }
            }
            let foreign = fresh.compactMap { rows.latest(of: $0.identity) }.filter { $0.isLive && $0.owner != context.worker }
            let ownersLive = state.withLock { $0.liveness.observe(foreign, held: [], sentAt: sentAt, receivedAt: receivedAt) }
            state.withLock { $0.isBlocked = !ownersLive && !isComplete }
        }
        state.withLock { state in
            if fresh.isEmpty { state.isBlocked = false }
            state.hasScanned = true
        }
        return isComplete
    }

    /// Hard and symbolic links lead to the same file: the first path stands for it.
    private func find() -> [(path: String, identity: InputFile.Identity)] {
        var seen: Set<InputFile.Identity> = []
        return FilePatterns(include: config.include, exclude: config.exclude).expand().compactMap { path in
            guard let identity = InputFile.identity(of: path), seen.insert(identity).inserted else { return nil }
            return (path, identity)
        }
    }

    /// Nil where the file cannot be read: the others go on, and it is tried again at the next scan.
    private func open(_ path: String) -> InputFile? {
        do throws(Failure) {
            let file = try InputFile(opening: path)
            if state.withLock({ $0.unreadable.removeValue(forKey: path) }) != nil {
                context.logger.info("the file can be read now", metadata: ["file": "\(path)"])
            }
            return file
        } catch {
            // Gone since it was found.
            guard InputFile.identity(of: path) != nil else { return nil }
            let isNews = state.withLock { $0.unreadable.updateValue(error, forKey: path) == nil }
            if isNews { context.logger.error("\(error.message); the others are read, and it is tried again") }
            return nil
        }
    }

    /// Nil while another agent reads the file.
    private func lease(_ file: InputFile, _ identity: InputFile.Identity, rows: FileRows, startsAtEnd: Bool) async throws -> FileReader? {
        let size = try file.status().size
        let key = rows.key(of: identity, size: size)
        let start = startsAtEnd && rows.latest(of: identity) == nil ? size : 0
        try await create(key, at: start, path: file.path)
        guard let shard = try await holder.acquire(key.text) else { return nil }
        try file.seek(to: shard.start.offset)
        context.logger.info("reading file", metadata: ["file": "\(file.path)", "offset": "\(shard.start.offset)", "size": "\(size)"])
        return FileReader(
            file: file, key: key, shard: shard, maxLine: config.maxLine.bytes, follow: config.follow,
            decoder: LineDecoder(source: context.node, processor: config.processor), receiver: context.receiver)
    }

    private func create(_ key: FileKey, at offset: UInt64, path: String) async throws {
        try await table.create([NewLease(shard: key.text, position: Position(offset: offset), detail: path)])
    }

    /// Files that are read once: when all of them are, there is nothing more to do.
    private func waitForReaders() async {
        while !context.draining.isOpen, !Task.isCancelled, state.withLock({ !$0.open.isEmpty }) {
            await context.draining.wait(atMost: .milliseconds(50))
        }
        // Whoever waits for the end of the files has to know that it is not the end of all of them.
        if !context.draining.isOpen, let failure = state.withLock({ $0.unreadable.min { $0.key < $1.key }?.value }) { fail(failure) }
    }

    // MARK: Reading

    private func follow(_ reader: FileReader) async {
        do {
            let ending = try await reader.run()
            if case .truncated = ending {
                context.logger.warning("file was cut; reading it from its beginning", metadata: ["file": "\(reader.file.path)"])
                // At once: by the time that everything else is acknowledged, it may have grown past where it was cut.
                try await create(reader.key.next, at: 0, path: reader.file.path)
            }
            // Once the run ends, its last positions are stored with all others, also where some acknowledgement never comes.
            let isSettled = await reader.shard.progress.settle(unless: context.draining)
            if isSettled, ending != .stopped || holder.isHandingOver(reader.shard) { try await holder.handOver(reader.shard) }
            state.withLock { state in
                state.open[reader.key.identity] = nil
                if ending == .ended, !config.follow { state.done.insert(reader.key.identity) }
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
