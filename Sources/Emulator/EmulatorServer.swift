public import Logging
import Records

/// The embedded stream: an HTTP server that speaks the Kinesis API, for one machine and for development.
public final class EmulatorServer: Sendable {
    /// The base URL for clients: `http://127.0.0.1:PORT`, `https://…` with TLS.
    public let url: String
    private let engine: StreamEngine
    private let faults: FaultSwitch
    private let listener: Listener
    /// Serves and trims until it is cancelled.
    private let service: Task<Void, Never>

    /// How often retention takes effect, unless it is so short that this would be seen.
    private static let longestTrimInterval = Duration.seconds(60)

    private init(url: String, engine: StreamEngine, faults: FaultSwitch, listener: Listener, service: Task<Void, Never>) {
        self.url = url
        self.engine = engine
        self.faults = faults
        self.listener = listener
        self.service = service
    }

    /// Opens the storage and listens.
    ///
    /// Throws a `Failure`: `tls_unusable` when the certificate or its key cannot be used,
    /// `state_in_use` when another process holds the folder, `state_unusable` when it cannot be opened,
    /// `address_unusable` when the address cannot be listened on.
    public static func start(_ configuration: EmulatorConfiguration, logger: Logger) async throws -> EmulatorServer {
        let tls = try configuration.tls.map { try TLSContext($0) }
        let (store, restored) = try open(configuration.storage)
        let streams = Streams(
            accountID: configuration.accountID, region: configuration.region,
            stateChangeMilliseconds: configuration.stateChangeDelay.wholeMilliseconds,
            retentionMilliseconds: configuration.retention.wholeMilliseconds, restored: restored)
        let engine = StreamEngine(
            streams: streams, store: store, clock: configuration.clock, enforcesQuotas: configuration.quotas, logger: logger)
        let listener: Listener
        do {
            listener = try await Listener(configuration, tls: tls)
        } catch {
            await store.close()
            throw Failure(
                "address_unusable", "the embedded stream cannot listen on \(configuration.host):\(configuration.port): \(error)",
                hint: "Choose another port, or 0 for a free one")
        }
        let faults = FaultSwitch(configuration.faults, clock: configuration.clock)
        let dispatcher = Dispatcher(
            engine: engine, faults: faults,
            requestIDs: RequestIDs(seed: configuration.faults?.seed ?? .random(in: .min ... .max)), logger: logger,
            verifier: configuration.keys.map { SignatureVerifier(accessKey: $0.accessKey, secretKey: $0.secretKey) })
        let trimInterval = max(.seconds(1), min(longestTrimInterval, configuration.retention / 10))
        let service = Task {
            await withTaskGroup { group in
                group.addTask { await listener.serve(dispatcher) }
                group.addTask { await trim(engine, every: trimInterval, logger) }
            }
        }
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        let scheme = tls == nil ? "http" : "https"
        return EmulatorServer(
            url: "\(scheme)://\(host):\(listener.port)", engine: engine, faults: faults, listener: listener, service: service)
    }

    /// Puts other faults in force, from their beginning; nil for none.
    public func inject(_ faults: FaultConfiguration?) {
        self.faults.replace(with: faults)
    }

    /// Stops listening, closes the connections and the storage. What was acknowledged is kept.
    public func stop() async {
        await listener.stopListening()
        service.cancel()
        await service.value
        await engine.store.close()
    }

    private static func open(_ storage: EmulatorConfiguration.Storage) throws -> (any StreamStore, StoredState) {
        switch storage {
        case .memory:
            return (MemoryStore(), StoredState())
        case .directory(let path):
            let store = try SQLiteStore(directory: path)
            return (store, try store.load())
        }
    }

    private static func trim(_ engine: StreamEngine, every interval: Duration, _ logger: Logger) async {
        let clock = engine.clock
        while (try? await clock.sleep(until: clock.monotonic + interval)) != nil {
            do {
                try await engine.trim()
            } catch {
                logger.error("Old records could not be removed", metadata: ["error": "\(error)"])
            }
        }
    }
}
