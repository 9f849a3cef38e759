import NIOCore
import NIOHTTP1
import Synchronization

@testable import Kinesis

/// A transport that answers from a function and remembers what it was asked.
final class FakeTransport: Transport {
    private let answer: @Sendable (TransportRequest, Int) throws -> TransportReply
    private let seen = Mutex<[TransportRequest]>([])

    /// `answer` is told the request and how many came before it; a `TransportError` that it throws takes the place of a reply.
    init(_ answer: @escaping @Sendable (TransportRequest, Int) throws -> TransportReply) {
        self.answer = answer
    }

    /// Answers with these in turn.
    convenience init(_ replies: [TransportReply]) {
        self.init { _, index in
            guard index < replies.count else { throw TransportError.connection("there is no reply number \(index)") }
            return replies[index]
        }
    }

    var requests: [TransportRequest] { seen.withLock { $0 } }

    /// The requests as method and URL.
    var lines: [String] { requests.map { "\($0.method) \($0.url.text)" } }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportReply {
        let index = seen.withLock { seen in
            seen.append(request)
            return seen.count - 1
        }
        do {
            return try answer(request, index)
        } catch let error as TransportError {
            throw error
        } catch {
            throw .connection("\(error)")
        }
    }

    func shutdown() async {}
}

extension TransportReply {
    static func json(_ body: String, status: Int = 200, headers: [(name: String, value: String)] = []) -> TransportReply {
        TransportReply(status: status, headers: HTTPHeaders(headers.map { ($0.name, $0.value) }), body: Array(body.utf8))
    }

    static func error(_ code: String, status: Int = 400, message: String = "no", headers: [(name: String, value: String)] = [])
        -> TransportReply
    {
        json(#"{"__type":"\#(code)","message":"\#(message)"}"#, status: status, headers: headers)
    }

    static func text(_ body: String, status: Int = 200) -> TransportReply { json(body, status: status) }
}

extension TransportRequest {
    var text: String { String(buffer: body) }
    var operation: String? { header("x-amz-target").map { String($0.split(separator: ".")[1]) } }
}

extension Environment {
    /// 2026-01-02T03:04:05Z.
    static let testTime: Int64 = 1_767_323_045

    static func fake(
        _ variables: [String: String] = [:], files: [String: String] = [:], now: Int64 = testTime, commands: [String: String] = [:]
    ) -> Environment {
        Environment(
            variables: variables, readFile: { files[$0].map { Array($0.utf8) } },
            run: { command throws(CommandError) in
                guard let output = commands[command] else { throw CommandError(reason: "it failed with exit status 127") }
                return Array(output.utf8)
            }, now: { now })
    }
}
