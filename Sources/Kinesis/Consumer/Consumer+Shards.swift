import Coordination
import Leasing
import Logging
import Records
import Synchronization

extension Consumer {
    /// One shard's life: read, wait for the last acknowledgement, then finish it, hand it over, or leave it to the end of the run.
    func follow(
        _ shard: HeldShard, _ status: ShardStatus, settled: Latch, onFailure: @Sendable (any Error) -> Void
    ) async {
        var logger = logger
        logger[metadataKey: "shard"] = "\(shard.lease.shard)"
        do {
            let ending = try await read(shard, status, logger)
            try await conclude(shard, ending, settled: settled, logger)
        } catch is StreamRecreated {
            // What to do about it is decided in one place, for all shards.
            state.withLock { $0.mustList = true }
        } catch {
            fail(error, onFailure)
        }
        state.withLock { $0.readers[shard.lease.shard] = nil }
        bell.ring()
    }

    private func read(_ shard: HeldShard, _ status: ShardStatus, _ logger: Logger) async throws -> ShardReader.Ending {
        defer {
            status.hasRead.open()
            // Without an iterator it will never have one.
            status.opened()
        }
        logger.info("reading shard", metadata: ["from": "\(shard.start)"])
        let reader = ShardReader(
            client: client, stream: stream, shard: shard, configuration: configuration, shardsHeld: { self.holder.count },
            readAhead: readAhead, status: status, receiver: receiver, logger: logger)
        do {
            return try await reader.run()
        } catch let error as KinesisError where !shard.stop.isOpen {
            return try await ending(of: shard, after: error, logger)
        }
    }

    /// The pause before the store or the stream is asked again for what it has failed to do.
    private static let retryPause = Duration.seconds(1)

    private func conclude(_ shard: HeldShard, _ ending: ShardReader.Ending, settled: Latch, _ logger: Logger) async throws {
        if case .stopped = ending, !holder.isHandingOver(shard) { return }
        // Without its last acknowledgements a shard can be neither finished nor handed over; without its lease it need not be.
        while await shard.progress.settle(unless: settled) {
            do {
                switch ending {
                case .shardEnd(let children):
                    try await holder.finish(shard, children: try await rows(children, of: shard.lease.shard))
                    logger.info("shard finished")
                case .stopped: try await holder.handOver(shard)
                }
                return
            } catch {
                if let error = error as? KinesisError, !error.isRetryable { throw error }
                if Task.isCancelled { return }
                logger.warning("could not give a shard up, trying again", metadata: ["error": "\(error)"])
                // The run ends: whoever reads the shard next finds its end again.
                if await settled.wait(atMost: Self.retryPause) { return }
            }
        }
    }
}
