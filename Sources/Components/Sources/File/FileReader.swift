import Leasing
import NIOPosix
import Records
import Synchronization

/// Reads one file from its position to its end, and on while it grows.
final class FileReader: Sendable {
    enum Ending: Sendable {
        /// Told to stop.
        case stopped
        /// Nothing more will come: the file is not followed, or has another name and was read to its end.
        case ended
        /// It is shorter than what was read of it.
        case truncated
    }

    let file: InputFile
    let key: FileKey
    let shard: HeldShard
    private let maxLine: Int
    private let follow: Bool
    private let decoder: LineDecoder
    private let receiver: any ItemReceiver
    private let atEnd = Atomic<Bool>(false)

    /// How often a file at its end is looked at.
    private static let pollInterval = Duration.milliseconds(100)
    /// Whoever renamed a file may still write to it for this long.
    private static let rotationGrace = Duration.seconds(5)

    init(
        file: InputFile, key: FileKey, shard: HeldShard, maxLine: Int, follow: Bool, decoder: LineDecoder, receiver: any ItemReceiver
    ) {
        self.file = file
        self.key = key
        self.shard = shard
        self.maxLine = maxLine
        self.follow = follow
        self.decoder = decoder
        self.receiver = receiver
    }

    var isIdle: Bool { atEnd.load(ordering: .relaxed) }

    func run() async throws -> Ending {
        let place = ReadPlace(source: decoder.source, file: file.path)
        var offset = shard.start.offset
        var splitter = LineSplitter(maxLine: maxLine, at: offset)
        var rotatedAt: ContinuousClock.Instant?
        while !shard.stop.isOpen {
            let chunk = try await read()
            if !chunk.isEmpty {
                atEnd.store(false, ordering: .relaxed)
                rotatedAt = nil
                offset += UInt64(chunk.count)
                try await receiver.deliver(splitter.feed(chunk), from: place, decoder, progress: shard.progress)
                // Where nothing made us wait, others have waited.
                await Task.yield()
                continue
            }
            if try file.status().size < offset { return .truncated }
            if !follow || rotatedAt.map({ $0 + Self.rotationGrace < .now }) ?? false {
                try await receiver.deliver(splitter.finish(), from: place, decoder, progress: shard.progress)
                return .ended
            }
            if rotatedAt == nil, InputFile.identity(of: file.path) != key.identity { rotatedAt = .now }
            atEnd.store(true, ordering: .relaxed)
            await shard.stop.wait(atMost: Self.pollInterval)
        }
        return .stopped
    }

    /// Waiting for a disk must not hold one of the few threads that run tasks; what is in memory is here before another thread would be.
    private func read() async throws -> [UInt8] {
        if let chunk = file.readCached(atMost: Lines.chunkSize) { return chunk }
        return try await NIOThreadPool.singleton.runIfActive { [file] in try file.read(atMost: Lines.chunkSize) }
    }
}
