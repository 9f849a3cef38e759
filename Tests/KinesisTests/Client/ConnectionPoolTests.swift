import Records
import Testing

@testable import Kinesis

@Suite("Pool of connections")
struct ConnectionPoolTests {
    private func at(_ seconds: Int) -> MonotonicTime { .zero + .seconds(seconds) }

    private func pool(limit: Int = 2) -> ConnectionPool<Int, String> { ConnectionPool(limit: limit, idleLife: .seconds(50)) }

    @Test("the connection that was given back last is used first")
    func mostRecent() {
        var pool = pool(limit: 9)
        for _ in 1...3 { #expect(pool.ask("r") == .connect) }
        for connection in [1, 3, 2] { #expect(pool.giveBack(connection, now: at(0)) == .keep) }
        #expect(pool.ask("r") == .use(2))
        #expect(pool.ask("r") == .use(3))
        #expect(pool.giveBack(2, now: at(1)) == .keep)
        #expect(pool.ask("r") == .use(2))
    }

    @Test("beyond the limit requests wait, and the first of them gets what is given back first")
    func limit() {
        var pool = pool()
        #expect(pool.ask("a") == .connect)
        #expect(pool.ask("b") == .connect)
        #expect(pool.ask("c") == .wait)
        #expect(pool.ask("d") == .wait)
        #expect(pool.giveBack(1, now: at(0)) == .use("c"))
        #expect(pool.giveBack(2, now: at(0)) == .use("d"))
        #expect(pool.giveBack(2, now: at(0)) == .keep)
    }

    @Test("where one is closed or cannot be opened, another one is opened for who waits")
    func replaced() {
        var pool = pool()
        _ = (pool.ask("a"), pool.ask("b"), pool.ask("c"))
        #expect(pool.closed(nil) == "c")
        #expect(pool.ask("d") == .wait, "the one in the closed one's place counts")
        #expect(pool.closed(1) == "d")
        #expect(pool.closed(2) == nil)
        #expect(pool.ask("e") == .connect)
    }

    @Test("a connection that was closed while it was idle is not used")
    func closedIdle() {
        var pool = pool()
        _ = pool.ask("a")
        #expect(pool.giveBack(1, now: at(0)) == .keep)
        #expect(pool.closed(1) == nil)
        #expect(pool.ask("b") == .connect)
        #expect(pool.ask("c") == .connect)
    }

    @Test("those that nobody has needed for long are given up, the others are kept")
    func expires() {
        var pool = pool(limit: 3)
        for _ in 1...3 { _ = pool.ask("r") }
        for connection in 1...3 { _ = pool.giveBack(connection, now: at(connection)) }
        #expect(pool.expire(now: at(50)) == [])
        #expect(pool.expire(now: at(52)) == [1, 2])
        #expect(pool.ask("r") == .use(3))
        #expect(pool.ask("r") == .wait, "until they are closed they count")
        #expect(pool.closed(1) == "r")
    }

    @Test("at the end who waits is refused, and what is given back is closed")
    func shutDown() {
        var pool = pool(limit: 1)
        _ = (pool.ask("a"), pool.ask("b"))
        #expect(pool.shutDown() == ["b"])
        #expect(pool.giveBack(1, now: at(0)) == .close)
    }
}
