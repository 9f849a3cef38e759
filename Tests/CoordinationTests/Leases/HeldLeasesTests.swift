import Records
import Testing

@testable import Coordination

@Suite("Held leases")
struct HeldLeasesTests {
    private let lease = HeldLease(shard: "s", owner: "me", token: 3)

    private func at(_ seconds: Double) -> MonotonicTime { .zero + .seconds(seconds) }

    @Test("a lease counts from before the request, and ends before the store lets another in")
    func deadline() {
        var held = HeldLeases(duration: .seconds(10))
        held.acquired(lease, requestedAt: at(5))
        let expired = [13.9, 14, 14].map { held.expire(now: at($0)) }
        #expect(expired == [[], [lease], []])
        #expect(held["s"] == nil)
    }

    @Test("a renewal moves the deadline, one that was overtaken does not move it back")
    func renewal() {
        var held = HeldLeases(duration: .seconds(10))
        held.acquired(lease, requestedAt: at(0))
        held.renewed(lease, requestedAt: at(8))
        held.renewed(lease, requestedAt: at(4))
        let expired = [16.9, 17].map { held.expire(now: at($0)) }
        #expect(expired == [[], [lease]])
    }

    @Test("an answer for another token, or after the deadline, revives nothing")
    func stale() {
        var held = HeldLeases(duration: .seconds(10))
        held.acquired(lease, requestedAt: at(0))
        held.renewed(HeldLease(shard: "s", owner: "me", token: 2), requestedAt: at(8))
        let expired = held.expire(now: at(9))
        #expect(expired == [lease])
        held.renewed(lease, requestedAt: at(9))
        #expect(held.all == [])
    }

    @Test("dropping an old lease leaves the new one of the same shard")
    func drop() {
        var held = HeldLeases(duration: .seconds(10))
        held.acquired(lease, requestedAt: at(0))
        let next = HeldLease(shard: "s", owner: "me", token: 5)
        held.acquired(next, requestedAt: at(1))
        let wasHeld = held.drop(lease)
        #expect(!wasHeld)
        #expect(held["s"] == next)
    }
}
