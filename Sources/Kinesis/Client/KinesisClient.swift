public import FoundationEssentials
import JSON
public import Logging
import NIOCore
public import Records
import Wire

/// The Kinesis API: one method an operation, every attempt signed anew, errors by what a caller can do about them.
///
/// A client keeps its connections; share one between all users of the same region and credentials, and shut it down at the end.
public final class KinesisClient: Sendable {
    /// The region that requests are signed for.
    public let region: String

    let retry: RetryPolicy
    private let endpoints: EndpointRules
    private let signer: CallSigner
    private let credentials: RefreshingCredentials
    private let transport: any Transport
    let subscriptions: any StreamTransport
    private let requestTimeout: Duration
    private let wire: WireChoice
    private let environment: Environment
    private let clockOffset = ClockOffset()
    private let logger: Logger

    /// Resolves region, endpoint and credentials. The network is asked for credentials and, where nothing else names one, for the region.
    ///
    /// - Parameter environment: Environment variables, in which the AWS SDKs' names are looked up.
    public convenience init(
        _ configuration: KinesisConfiguration, environment: [String: String] = ProcessInfo.processInfo.environment, logger: Logger
    ) async throws(Failure) {
        let transport = try HTTPTransport(configuration, certificateBundle: environment["AWS_CA_BUNDLE"])
        let subscriptions = try SubscriptionTransport(configuration, certificateBundle: environment["AWS_CA_BUNDLE"])
        do throws(Failure) {
            try await self.init(
                configuration, environment: .live(environment), transport: transport, subscriptions: subscriptions, logger: logger)
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    init(
        _ configuration: KinesisConfiguration, environment: Environment, transport: any Transport, subscriptions: any StreamTransport,
        logger: Logger
    ) async throws(Failure) {
        // With everything given, as for the embedded stream, broken AWS files of the machine are nobody's concern.
        let isComplete = configuration.region != nil && configuration.endpoint != nil && configuration.credentials != nil
        let profiles = isComplete ? .none : try Profiles(environment: environment, named: configuration.profile)
        let metadata = InstanceMetadata(environment: environment, transport: transport)
        region = try await Region.resolve(
            explicit: configuration.region, environment: environment, profiles: profiles, metadata: metadata)
        endpoints = try EndpointRules(
            explicit: configuration.endpoint, region: region, environment: environment, profiles: profiles, service: .kinesis)
        credentials = RefreshingCredentials(
            try CredentialChain(
                configuration, region: region, environment: environment, profiles: profiles, metadata: metadata, transport: transport),
            now: environment.now)
        retry = configuration.retry ?? RetryPolicy(maxAttempts: environment["AWS_MAX_ATTEMPTS"].flatMap { Int($0) }.map { max(1, $0) } ?? 5)
        signer = CallSigner(region: region)
        requestTimeout = configuration.requestTimeout
        wire = WireChoice(configuration.wire ?? (endpoints.areOfAWS ? .auto : .json))
        self.environment = environment
        self.transport = transport
        self.subscriptions = subscriptions
        self.logger = logger
    }

    /// Finds credentials now, so that a missing or broken source is an error at the start and not at the first record.
    ///
    /// Returns where they came from, for a person to read: `profile "prod"`.
    public func checkCredentials() async throws(KinesisError) -> String {
        do {
            return try await credentials.current().source
        } catch {
            throw KinesisError(credentials: error, operation: "credentials", stream: nil)
        }
    }

    /// The host that serves this stream's data plane, for messages.
    public func endpoint(for stream: StreamIdentifier) -> String {
        endpoints.url(plane: .data, stream: stream).text
    }

    /// Closes the connections. No call may be made from then on.
    public func shutdown() async {
        await subscriptions.shutdown()
        await transport.shutdown()
    }
}

// MARK: - Calls

/// A reply with when it was given.
struct Served<Reply: Sendable>: Sendable {
    var reply: Reply
    /// The `Date` header.
    var date: String?
    /// By the local clock, corrected: seconds since 1970.
    var signedAt: Int64

    /// Milliseconds since 1970: the reply's `Date` header, or the local clock where there is none.
    var at: Int64 { (date.flatMap { CalendarTime(httpDate: $0) }?.secondsSince1970 ?? signedAt) * 1000 }
}

extension KinesisClient {
    func perform<C: Call>(_ call: C) async throws(KinesisError) -> C.Reply {
        try await perform(call, retry: retry).reply
    }

    func perform<C: Call>(_ call: C, retry: RetryPolicy) async throws(KinesisError) -> Served<C.Reply> {
        guard endpoints.admits(call.stream) else {
            throw KinesisError(
                .invalidArgument, code: "WrongPartition", message: "the stream's ARN is of another AWS partition than the region \(region)",
                operation: C.operation.rawValue, stream: call.stream?.name)
        }
        var body = RequestBody(call, wire.format)
        let url = endpoints.url(plane: C.operation.plane, stream: call.stream)
        var recovery = CallRecovery(policy: retry)
        while true {
            let key = try await currentCredentials(for: call)
            let offset = clockOffset.seconds
            let signedAt = environment.now() + offset
            do throws(FailedAttempt) {
                return try await attempt(call, url: url, body: body, credentials: key, signedAt: signedAt)
            } catch {
                if body.format == .cbor, wire.isRefusal(error.error) {
                    logger.info("the endpoint takes no CBOR, JSON it is", metadata: ["error": "\(error.error.code)"])
                    body = RequestBody(call, .json)
                    continue
                }
                let measured = ClockOffset.measured(dateHeader: error.date, signedAt: signedAt)
                switch recovery.decide(after: error.error, measuredOffset: measured, random: .random(in: 0..<1)) {
                case .refreshCredentials:
                    await credentials.reject(key)
                case .correctClock(let difference):
                    // Added to the offset that this attempt was signed with: another call may have corrected the clock meanwhile.
                    clockOffset.set(offset + difference)
                    logger.warning("the clock is off, signatures are corrected", metadata: ["offset_seconds": "\(offset + difference)"])
                case .wait(let delay):
                    logger.debug("a call is repeated", metadata: ["error": "\(error.error)", "delay_ms": "\(delay.wholeMilliseconds)"])
                    do {
                        try await Task.sleep(for: delay)
                    } catch {
                        throw KinesisError(transport: .cancelled, operation: C.operation, stream: call.stream)
                    }
                case .giveUp:
                    throw error.error
                }
            }
        }
    }

    /// A request for an exchange that its caller makes itself.
    func signedRequest(for call: some Call) async throws(KinesisError) -> (request: TransportRequest, credentials: Credentials) {
        let operation = type(of: call).operation
        let key = try await currentCredentials(for: call)
        let (body, url) = (call.body(), endpoints.url(plane: operation.plane, stream: call.stream))
        let headers = signer.headers(
            for: operation, url: url, body: body, as: .json, credentials: key.key, at: environment.now() + clockOffset.seconds)
        return (TransportRequest(method: "POST", url: url, headers: headers, body: body.bytes, timeout: requestTimeout), key)
    }

    /// The service refused these; the next call loads others.
    func reject(_ refused: Credentials) async {
        await credentials.reject(refused)
    }

    private struct FailedAttempt: Error {
        var error: KinesisError
        /// The reply's `Date` header.
        var date: String?
    }

    private func currentCredentials(for call: some Call) async throws(KinesisError) -> Credentials {
        do {
            return try await credentials.current()
        } catch {
            throw KinesisError(credentials: error, operation: type(of: call).operation.rawValue, stream: call.stream)
        }
    }

    private func attempt<C: Call>(
        _ call: C, url: EndpointURL, body: RequestBody, credentials: Credentials, signedAt: Int64
    ) async throws(FailedAttempt) -> Served<C.Reply> {
        let headers = signer.headers(
            for: C.operation, url: url, body: body.hashed, as: body.format, credentials: credentials.key, at: signedAt)
        let request = TransportRequest(
            method: "POST", url: url, headers: headers, body: body.hashed.bytes,
            timeout: min(requestTimeout, call.timeLimit(bodyBytes: body.hashed.bytes.readableBytes) ?? requestTimeout))

        let reply: TransportReply
        do throws(TransportError) {
            reply = try await transport.send(request)
        } catch {
            throw FailedAttempt(error: KinesisError(transport: error, operation: C.operation, stream: call.stream))
        }
        guard (200..<300).contains(reply.status) else {
            throw FailedAttempt(error: KinesisError(reply: reply, operation: C.operation, stream: call.stream), date: reply.header("date"))
        }
        do {
            return Served(reply: try read(reply, as: call), date: reply.header("date"), signedAt: signedAt)
        } catch {
            throw FailedAttempt(error: KinesisError(malformed: error, reply: reply, operation: C.operation, stream: call.stream))
        }
    }

    private func read<C: Call>(_ reply: TransportReply, as call: C) throws -> C.Reply {
        let body = reply.body
        if body.isEmpty { return try call.reply(.none) }
        if reply.format == .cbor { return try call.reply(Fields(.cbor(body.withUnsafeBytes { try CBORReader.parse($0) }))) }
        if let reply = call.scanned(body) { return reply }
        if let reply = try JSON.withNode(of: body, { try call.reply(Fields(.node($0))) }) { return reply }
        return try call.reply(Fields(JSON.parse(body)))
    }
}

/// The body of a call as it is sent, with every attempt.
private struct RequestBody {
    let hashed: HashedBody
    let format: WireFormat

    /// In the format asked for, where the call can be written in it.
    init(_ call: some Call, _ preferred: WireFormat) {
        if preferred == .cbor, let hashed = call.cborBody() {
            self.hashed = hashed
            format = .cbor
        } else {
            hashed = call.body()
            format = .json
        }
    }
}

extension TransportReply {
    /// JSON where the reply does not say.
    var format: WireFormat { header("content-type").flatMap { WireFormat(contentType: $0) } ?? .json }
}
