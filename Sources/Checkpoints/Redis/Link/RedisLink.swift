import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Records

/// The connection to Redis that a store's calls share: pipelined, and made again when it is lost.
///
/// Everything happens on one event loop; `LinkState` decides.
struct RedisLink: Sendable {
    private let eventLoop: any EventLoop
    private let shell: NIOLoopBound<LinkShell>

    /// Connects at the first call.
    ///
    /// - Parameters:
    ///   - endpoints: tried in turn, one after each failure.
    ///   - isOneOfMany: a call need not wait for the server to come back: others can be asked.
    static func make(
        _ endpoints: [RedisEndpoint], tls: NIOSSLContext?, timeout: Duration, isOneOfMany: Bool = false, logger: Logger
    ) async -> RedisLink {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let shell = await withCheckedContinuation { continuation in
            eventLoop.execute {
                let shell = LinkShell(
                    endpoints: endpoints, tls: tls, timeout: timeout, isOneOfMany: isOneOfMany, eventLoop: eventLoop, logger: logger)
                continuation.resume(returning: NIOLoopBound(shell, eventLoop: eventLoop))
            }
        }
        return RedisLink(eventLoop: eventLoop, shell: shell)
    }

    /// Sends a command and awaits its answer until the deadline; a cancelled task waits on, since it would not know what it did.
    ///
    /// An idempotent command is sent once more if the connection is lost before its answer came. `asking` has the server of a cluster serve
    /// a slot that is being moved to it.
    func outcome(
        of command: [[UInt8]], isIdempotent: Bool, until deadline: MonotonicTime, asking: Bool = false
    ) async -> Result<RESPValue, LinkFailure> {
        var buffer = ByteBufferAllocator().buffer(capacity: 32 + command.reduce(0) { $0 + $1.count + 16 })
        RESPEncoder.encode(command, into: &buffer)
        let promise = eventLoop.makePromise(of: RESPValue.self)
        eventLoop.execute { [buffer, shell, eventLoop] in
            if asking {
                var asking = ByteBuffer()
                RESPEncoder.encode([Array("ASKING".utf8)], into: &asking)
                shell.value.call(asking, deadline: deadline, retries: 0, eventLoop.makePromise())
            }
            shell.value.call(buffer, deadline: deadline, retries: isIdempotent ? 1 : 0, promise)
        }
        do {
            return .success(try await promise.futureResult.get())
        } catch {
            // `LinkShell` fails its promises with nothing else.
            return .failure(error as? LinkFailure ?? .ambiguous(String(describing: error)))
        }
    }

    func close() async {
        try? await eventLoop.submit { [shell] in shell.value.close() }.get()
    }
}

/// Runs the effects of a `LinkState`; only on its event loop.
private final class LinkShell {
    private let endpoints: [RedisEndpoint]
    /// Which of them is tried next, or in use.
    private var current = 0
    private let tls: NIOSSLContext?
    /// For one attempt to connect: half of what a call may take, so that the call learns why it failed, or a second one succeeds.
    private let attemptTimeout: TimeAmount
    private let eventLoop: any EventLoop
    private let logger: Logger

    private var state: LinkState
    private var calls: [Int: (command: ByteBuffer, promise: EventLoopPromise<RESPValue>)] = [:]
    private var nextCall = 0
    private var channel: (any Channel)?
    /// Tells the events of this connection, or attempt, from late ones of those before it.
    private var generation = 0
    private var timer: Scheduled<Void>?
    /// What the oldest call in flight is answered with, while the state is told of it.
    private var reply = RESPValue.null

    private var endpoint: RedisEndpoint { endpoints[current % endpoints.count] }

    init(
        endpoints: [RedisEndpoint], tls: NIOSSLContext?, timeout: Duration, isOneOfMany: Bool, eventLoop: any EventLoop, logger: Logger
    ) {
        self.endpoints = endpoints
        state = LinkState(isOneOfMany: isOneOfMany)
        self.tls = tls
        attemptTimeout = .nanoseconds(timeout.wholeNanoseconds / 2)
        self.eventLoop = eventLoop
        self.logger = logger
    }

    func call(_ command: ByteBuffer, deadline: MonotonicTime, retries: Int, _ promise: EventLoopPromise<RESPValue>) {
        nextCall += 1
        calls[nextCall] = (command, promise)
        handle(.called(LinkState.Call(id: nextCall, deadline: deadline, retries: retries)))
    }

    func close() {
        handle(.close)
        timer?.cancel()
        timer = nil
    }

    private func handle(_ event: LinkState.Event) {
        var hasWritten = false
        for effect in state.handle(event, now: .now()) {
            switch effect {
            case .connect: connect()
            case .disconnect: disconnect()
            case .send(let id):
                if let command = calls[id]?.command { channel?.write(command, promise: nil) }
                hasWritten = true
            case .answer(let id): calls.removeValue(forKey: id)?.promise.succeed(reply)
            case .fail(let id, let failure): calls.removeValue(forKey: id)?.promise.fail(failure)
            case .wake(let time): wake(at: time)
            }
        }
        if hasWritten { channel?.flush() }
    }

    private func wake(at time: MonotonicTime) {
        timer?.cancel()
        let delay = max(.zero, time - .now())
        let shell = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleTask(in: .nanoseconds(delay.wholeNanoseconds)) {
            shell.value.handle(.woke(chance: .random(in: 0..<1)))
        }
    }

    private func disconnect() {
        generation += 1
        channel?.close(promise: nil)
        channel = nil
    }
}

// MARK: Connections

extension LinkShell {
    private func connect() {
        generation += 1
        let attempt = generation
        let shell = NIOLoopBound(self, eventLoop: eventLoop)
        let address = try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port)
        // NIOSSL checks the certificate against the address where there is no name, and refuses an address as a name.
        let serverName = address == nil ? endpoint.host : nil
        let handlers: @Sendable (any Channel) -> EventLoopFuture<Void> = { [endpoint, tls] channel in
            channel.eventLoop.makeCompletedFuture {
                if let tls {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverName))
                }
                try channel.pipeline.syncOperations.addHandler(
                    RedisChannelHandler(endpoint: endpoint) { shell.value.report($0, of: attempt) })
            }
        }
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(attemptTimeout)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer(handlers)
        // An address need not wait for the resolver's threads.
        let opening = address.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: endpoint.host, port: endpoint.port)
        opening.whenComplete { shell.value.opened($0, attempt) }
        eventLoop.scheduleTask(in: attemptTimeout) {
            shell.value.handshakeTimedOut(attempt)
        }
    }

    private func opened(_ result: Result<any Channel, any Error>, _ attempt: Int) {
        switch result {
        case .success(let channel):
            guard attempt == generation else { return channel.close(promise: nil) }
            self.channel = channel
        case .failure(let error):
            let (reason, isFinal) = ConnectError.explain(error)
            report(.ended(reason: reason, isFinal: isFinal), of: attempt)
        }
    }

    private func handshakeTimedOut(_ attempt: Int) {
        guard attempt == generation, state.phase == .connecting else { return }
        disconnect()
        ended(tls == nil ? "no answer to the first command in time" : "no answer in time; is this its TLS port?", isFinal: false)
    }

    private func report(_ event: ConnectionEvent, of attempt: Int) {
        guard attempt == generation else { return }
        switch event {
        case .ready:
            logger.debug("connected to Redis", metadata: ["redis": "\(endpoint.address)"])
            handle(.connected)
        case .reply(let reply):
            self.reply = reply
            handle(.replied)
            // No primary any more: its name, or the next one, may lead to another by now.
            if case .error(let error) = reply, error.isFromReplica { report(.ended(reason: error.text, isFinal: false), of: attempt) }
        case .ended(let reason, let isFinal):
            disconnect()
            ended(reason, isFinal: isFinal)
        }
    }

    private func ended(_ reason: String, isFinal: Bool) {
        defer { current += 1 }
        logger.warning("no connection to Redis", metadata: ["redis": "\(endpoint.address)", "reason": "\(reason)"])
        let chance = Double.random(in: 0..<1)
        handle(state.phase == .ready ? .disconnected(reason, chance: chance) : .connectFailed(reason, isFinal: isFinal, chance: chance))
    }
}
