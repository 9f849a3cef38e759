import JSON
public import Logging
import OrderedCollections
public import Records

/// What a consumer of async-kinesis has stored of one shard.
public struct AsyncKinesisPosition: Sendable, Hashable {
    /// The shard's id.
    public var shard: String
    /// Up to and with which everything is done; nil before the first checkpoint.
    public var sequence: SequenceNumber?
    /// Who stands in the value: `group/id`.
    public var owner: String?
    /// How much time its lease has left; nil where nobody holds it or it has expired.
    public var remaining: Duration?

    /// All of the group that `configuration` names, sorted by shard. `sessionTimeout` is that of the consumers.
    ///
    /// - Throws: a `Failure` where Redis cannot be reached or refuses, or a value is none of async-kinesis.
    public static func all(
        in configuration: RedisConfiguration, sessionTimeout: Duration, logger: Logger
    ) async throws(Failure) -> [AsyncKinesisPosition] {
        let store = try await RedisStore.open(configuration, logger: logger)
        let positions: [AsyncKinesisPosition]
        do throws(Failure) {
            positions = try await read(store, group: configuration.group, sessionTimeout: sessionTimeout)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        return positions
    }

    private static func read(
        _ store: RedisStore, group: String, sessionTimeout: Duration
    ) async throws(Failure) -> [AsyncKinesisPosition] {
        let prefix = AsyncKinesisKeys(group: group).value("")
        let now = try await store.time()
        var positions: [AsyncKinesisPosition] = []
        // The name of a group may begin with that of another: what is no shard's id is not ours.
        for key in try await store.servers.scan("\(escaped(prefix))shardId-*").sorted() {
            guard case .string(let bytes) = try await store.run(["GET", key], isIdempotent: true) else { continue }
            guard let value = try? JSON.parse(bytes), case .map(let fields) = value else {
                throw store.unreadable("something else than a checkpoint of async-kinesis under the key \(key)")
            }
            var position = AsyncKinesisPosition(shard: String(key.dropFirst(prefix.count)))
            if case .string(let digits)? = fields["sequence"] { position.sequence = SequenceNumber(digits) }
            if case .string(let owner)? = fields["ref"] { position.owner = owner }
            if case .int(let seconds)? = fields["ts"], seconds != 0, position.owner != nil {
                let left = sessionTimeout - .seconds(now - seconds)
                position.remaining = left > .zero ? left : nil
            }
            positions.append(position)
        }
        return positions
    }

    /// The characters that mean something in the patterns of SCAN.
    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "*?[]\\".contains($0) ? ["\\", $0] : [$0] })
    }
}

extension RedisStore {
    /// Seconds since 1970 by the server's clock.
    fileprivate func time() async throws(Failure) -> Int64 {
        let reply = try await servers.call([Array("TIME".utf8)], key: nil, isIdempotent: true)
        guard let seconds = reply.elements?.first?.integer else { throw unreadable("no time") }
        return seconds
    }
}
