import NIOCore
import NIOHTTP1
import Testing

@testable import Emulator

@Suite("Admin endpoint")
struct AdminEndpointTests {
    private let service = TestService()
    private let rules = "faults: [{operation: ListStreams, effect: {error: InternalFailure}}]\n"

    private func call(
        _ method: HTTPMethod, _ body: String = "", path: String = "/_kinesis-agent/faults", from address: String? = "127.0.0.1"
    ) async throws -> (status: UInt, text: String) {
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
        let peer = try address.map { try SocketAddress(ipAddress: $0, port: 4_000) }
        guard case .reply(let reply) = await service.dispatcher.answer(head, body: ByteBuffer(string: body), from: peer) else {
            return (0, "")
        }
        return (reply.status.code, String(decoding: reply.body, as: UTF8.self))
    }

    @Test("Faults are switched on, read back and switched off while the server runs")
    func exchange() async throws {
        #expect(try await call(.GET).text == "faults: []\n")
        #expect(try await call(.PUT, rules).status == 204)
        #expect(await service.reply("ListStreams", "{}").status == .internalServerError)
        #expect(try await call(.GET).text == rules)
        #expect(try await call(.DELETE).status == 204)
        #expect(await service.reply("ListStreams", "{}").status == .ok)
    }

    @Test("A file with mistakes is refused with its diagnostics, and what was in force stays")
    func mistakes() async throws {
        _ = try await call(.PUT, rules)
        let (status, text) = try await call(.PUT, "faults: [{operation: ListStream, effect: empty}]")
        #expect(status == 400)
        #expect(text.contains("error[unknown_operation]"))
        #expect(text.contains("faults:1:22"))
        #expect(text.contains("^"))
        #expect(try await call(.GET).text == rules)
    }

    @Test("Faults begin anew each time they are put")
    func restart() async throws {
        let window = "faults: [{operation: ListStreams, until: 1s, effect: {error: InternalFailure}}]"
        service.advance(milliseconds: 60_000)
        _ = try await call(.PUT, window)
        #expect(await service.reply("ListStreams", "{}").status == .internalServerError)
        service.advance(milliseconds: 1_000)
        #expect(await service.reply("ListStreams", "{}").status == .ok)
    }

    @Test("Clients of other machines are refused", arguments: ["192.168.1.2", "::2", "10.127.0.1", "::ffff:10.0.0.1", nil])
    func foreign(address: String?) async throws {
        #expect(try await call(.PUT, rules, from: address).status == 403)
        #expect(await service.reply("ListStreams", "{}").status == .ok)
    }

    @Test("Loopback has several names", arguments: ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])
    func loopback(address: String) async throws {
        #expect(try await call(.PUT, rules, from: address).status == 204)
    }

    @Test("What is not there is said so")
    func unknown() async throws {
        #expect(try await call(.GET, path: "/_kinesis-agent/").status == 404)
        #expect(try await call(.POST, rules).status == 405)
    }
}
