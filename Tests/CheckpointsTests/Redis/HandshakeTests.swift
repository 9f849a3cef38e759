import Testing

@testable import Checkpoints

@Suite("The handshake")
struct HandshakeTests {
    private func handshake(_ url: String) throws -> Handshake { Handshake(try RedisEndpoint(url: url)) }

    private func error(_ text: String) -> RESPValue { .error(RESPError(text: text)) }

    @Test(
        "says what the URL asks for",
        arguments: [
            ("redis://h", [["PING"]]), ("redis://h/3", [["SELECT", "3"], ["PING"]]), ("redis://:p@h", [["AUTH", "p"], ["PING"]]),
            ("redis://u:p@h/3", [["AUTH", "u", "p"], ["SELECT", "3"], ["PING"]]),
        ])
    func commands(_ url: String, _ expected: [[String]]) throws {
        #expect(try handshake(url).commands == expected.map { $0.map { Array($0.utf8) } })
    }

    @Test("is done after the last answer")
    func done() throws {
        var handshake = try handshake("redis://u:p@h/3")
        #expect(handshake.replied(.status("OK")) == .more)
        #expect(handshake.replied(.status("OK")) == .more)
        #expect(handshake.replied(.status("PONG")) == .done)
    }

    @Test("tells refusals that last from those that pass")
    func failures() throws {
        var wrong = try handshake("redis://u:p@h")
        #expect(wrong.replied(error("WRONGPASS invalid p")) == .failed("it refuses the user or the password", isFinal: true))
        var missing = try handshake("redis://h")
        #expect(missing.replied(error("NOAUTH Authentication required.")) == .failed("it asks for a password", isFinal: true))
        var database = try handshake("redis://h/99")
        #expect(
            database.replied(error("ERR DB index is out of range"))
                == .failed("it refuses database 99: ERR DB index is out of range", isFinal: true))
        var loading = try handshake("redis://:p@h")
        #expect(loading.replied(error("LOADING Redis is loading")) == .failed("it is still loading its data", isFinal: false))
        var forbidden = try handshake("redis://h")
        #expect(forbidden.replied(error("NOPERM no permission to run the 'ping' command")) == .done)
    }
}
