import Records
import Testing

@testable import Checkpoints

@Suite("The connection's decisions")
struct LinkStateTests {
    private func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: milliseconds * 1_000_000) }

    private func call(_ id: Int, until deadline: Int64 = 5_000, retries: Int = 0) -> LinkState.Event {
        .called(LinkState.Call(id: id, deadline: time(deadline), retries: retries))
    }

    /// A backoff of exactly 100 ms, 200 ms, 400 ms and so on with `chance: 1`.
    private func link() -> LinkState {
        LinkState(backoff: ReconnectDelay(first: .milliseconds(100), longest: .seconds(1)))
    }

    private func readyLink(_ ids: Int..., retries: Int = 0) -> LinkState {
        var link = link()
        for id in ids { _ = link.handle(call(id, retries: retries), now: time(0)) }
        _ = link.handle(.connected, now: time(0))
        return link
    }

    @Test("the first call connects, those that follow wait for it, and all are sent in order")
    func connects() {
        var link = link()
        #expect(link.handle(call(1), now: time(0)) == [.connect, .wake(time(5_000))])
        #expect(link.handle(call(2), now: time(1)) == [])
        #expect(link.handle(.connected, now: time(2)) == [.send(1), .send(2)])
        #expect(link.handle(call(3), now: time(3)) == [.send(3)])
        #expect(link.handle(.replied, now: time(4)) == [.answer(1)])
        #expect(link.handle(.replied, now: time(5)) == [.answer(2)])
        #expect(link.handle(.replied, now: time(6)) == [.answer(3)])
        #expect(link.handle(.replied, now: time(7)) == [])
    }

    @Test("failed attempts are repeated after growing delays, for as long as somebody waits")
    func backsOff() {
        var link = link()
        _ = link.handle(call(1, until: 250), now: time(0))
        #expect(link.handle(.connectFailed("refused", isFinal: false, chance: 1), now: time(0)) == [.wake(time(100))])
        #expect(link.handle(call(2, until: 2_000), now: time(1)) == [])
        #expect(link.handle(.woke(chance: 1), now: time(100)) == [.connect, .wake(time(250))])
        #expect(link.handle(.connectFailed("refused", isFinal: false, chance: 1), now: time(100)) == [])
        #expect(link.handle(.woke(chance: 1), now: time(250)) == [.fail(1, .unreachable("refused")), .wake(time(300))])
        #expect(link.handle(.woke(chance: 1), now: time(300)) == [.connect, .wake(time(2_000))])
        #expect(link.handle(.connected, now: time(310)) == [.send(2)])
    }

    @Test("a server that others can stand in for keeps nobody waiting")
    func oneOfMany() {
        var link = LinkState(backoff: ReconnectDelay(first: .milliseconds(100), longest: .seconds(1)), isOneOfMany: true)
        _ = link.handle(call(1), now: time(0))
        let failed = link.handle(.connectFailed("refused", isFinal: false, chance: 1), now: time(1))
        #expect(failed.contains(.fail(1, .unreachable("refused"))))
        #expect(link.handle(call(2), now: time(2)).contains(.fail(2, .unreachable("refused"))))
        _ = link.handle(.woke(chance: 1), now: time(101))
        #expect(link.handle(call(3), now: time(102)).contains(.connect))
        #expect(link.handle(.connected, now: time(103)).contains(.send(3)))
    }

    @Test("with nobody waiting there is no attempt")
    func rests() {
        var link = readyLink(1)
        _ = link.handle(.replied, now: time(1))
        #expect(link.handle(.disconnected("closed", chance: 1), now: time(2)) == [.wake(time(102))])
        #expect(link.handle(.woke(chance: 1), now: time(102)) == [])
        #expect(link.phase == .idle)
        #expect(link.handle(call(2), now: time(103)) == [.connect, .wake(time(5_000))])
    }

    @Test("a lost connection leaves calls open to doubt, and sends again those that may be, once")
    func retriesOnce() {
        var link = link()
        _ = link.handle(call(1), now: time(0))
        _ = link.handle(call(2, retries: 1), now: time(0))
        _ = link.handle(.connected, now: time(0))
        let lost = link.handle(.disconnected("reset", chance: 1), now: time(1))
        #expect(lost == [.fail(1, .ambiguous("reset")), .wake(time(101))])
        _ = link.handle(call(3), now: time(2))
        #expect(link.handle(.woke(chance: 1), now: time(101)).first == .connect)
        #expect(link.handle(.connected, now: time(110)) == [.send(2), .send(3)])
        let again = link.handle(.disconnected("reset", chance: 1), now: time(111))
        #expect(again.prefix(2) == [.fail(2, .ambiguous("reset")), .fail(3, .ambiguous("reset"))])
    }

    @Test("a call without a reply in time costs the connection, since replies are told apart by their order alone")
    func overdue() {
        var link = link()
        _ = link.handle(call(1, until: 100, retries: 1), now: time(0))
        _ = link.handle(call(2, until: 500, retries: 1), now: time(0))
        _ = link.handle(call(3, until: 500), now: time(0))
        _ = link.handle(.connected, now: time(0))
        let effects = link.handle(.woke(chance: 1), now: time(100))
        #expect(
            effects == [
                .disconnect, .fail(1, .ambiguous("no reply in time")), .fail(3, .ambiguous("no reply in time")), .wake(time(200)),
            ])
        #expect(link.handle(.woke(chance: 1), now: time(200)).first == .connect)
        #expect(link.handle(.connected, now: time(210)) == [.send(2)])
    }

    @Test("a refusal that waiting cannot mend fails those who wait at once, and later calls try again")
    func refused() {
        var link = link()
        _ = link.handle(call(1), now: time(0))
        let effects = link.handle(.connectFailed("wrong password", isFinal: true, chance: 1), now: time(1))
        #expect(effects.first == .fail(1, .refused("wrong password")))
        #expect(link.handle(call(2), now: time(2)) == [])
        #expect(link.handle(.woke(chance: 1), now: time(101)).first == .connect)
    }

    @Test("closing answers everybody, and whoever comes later")
    func closes() {
        var link = readyLink(1, 2, retries: 1)
        let effects = link.handle(.close, now: time(1))
        #expect(effects == [.disconnect, .fail(1, .ambiguous("the store was closed")), .fail(2, .ambiguous("the store was closed"))])
        #expect(link.handle(call(3), now: time(2)) == [.fail(3, .closed)])
        #expect(link.handle(.woke(chance: 1), now: time(9_000)) == [])
        #expect(link.handle(.close, now: time(3)) == [])
    }

    @Test("every call is answered or failed exactly once, whatever happens", arguments: 1...50 as ClosedRange<UInt64>)
    func conservation(_ seed: UInt64) {
        var random = SeededGenerator(state: seed)
        var link = link()
        var open = Set<Int>()
        var sent: [Int] = []
        var now: Int64 = 0
        var next = 0

        func run(_ effects: [LinkState.Effect]) {
            for effect in effects {
                switch effect {
                case .send(let id):
                    #expect(open.contains(id))
                    sent.append(id)
                case .answer(let id):
                    #expect(open.remove(id) != nil)
                    #expect(sent.removeFirst() == id)
                case .fail(let id, _):
                    #expect(open.remove(id) != nil)
                case .connect: sent = []
                case .disconnect, .wake: break
                }
            }
        }

        for _ in 0..<500 {
            now += Int64.random(in: 0...40, using: &random)
            let chance = Double.random(in: 0..<1, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                next += 1
                open.insert(next)
                run(link.handle(call(next, until: now + Int64.random(in: 1...300, using: &random), retries: next % 2), now: time(now)))
            case 4...6: run(link.handle(.replied, now: time(now)))
            case 7: run(link.handle(link.phase == .ready ? .disconnected("reset", chance: chance) : .connected, now: time(now)))
            case 8: run(link.handle(.connectFailed("refused", isFinal: false, chance: chance), now: time(now)))
            default: run(link.handle(.woke(chance: chance), now: time(now)))
            }
        }
        run(link.handle(.close, now: time(now)))
        #expect(open.isEmpty)
        #expect(next > 100)
    }

    @Test("delays double up to the longest, and half of each is left to chance")
    func delays() {
        let delay = ReconnectDelay(first: .milliseconds(50), longest: .seconds(5))
        let full = (1...9).map { delay.delay(afterFailures: $0, chance: 1).wholeMilliseconds }
        #expect(full == [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
        #expect(delay.delay(afterFailures: 3, chance: 0) == .milliseconds(100))
        #expect(delay.delay(afterFailures: 1_000_000, chance: 1) == .seconds(5))
    }
}
