import Records
import Testing

@testable import Emulator

@Suite("Subscription table")
struct SubscriptionTableTests {
    private let key = SubscriptionTable.Key(consumerARN: "arn", shard: 1)
    private func time(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }

    @Test("A second call fails within five seconds, and takes over after them")
    func takeOver() throws {
        var table = SubscriptionTable(isStrict: false)
        let first = try table.begin(key, now: time(0))
        let error = #expect(throws: ServiceError.self) { try table.begin(key, now: time(4)) }
        #expect(error?.code == "ResourceInUseException")
        #expect(table.holds(key, id: first))
        let second = try table.begin(key, now: time(5))
        #expect(!table.holds(key, id: first))
        #expect(table.holds(key, id: second))
        // The one that was taken over ends later, and must not end its successor.
        table.end(key, id: first, now: time(6))
        #expect(throws: ServiceError.self) { try table.begin(key, now: time(6)) }
    }

    @Test("Consumers and shards do not stand in each other's way")
    func independence() throws {
        var table = SubscriptionTable(isStrict: true)
        _ = try table.begin(key, now: time(0))
        _ = try table.begin(.init(consumerARN: "arn", shard: 2), now: time(0))
        _ = try table.begin(.init(consumerARN: "other", shard: 1), now: time(0))
    }

    @Test("After its end a subscription can begin again at once, with quotas five seconds after its beginning")
    func strictness() throws {
        var lenient = SubscriptionTable(isStrict: false)
        lenient.end(key, id: try lenient.begin(key, now: time(0)), now: time(1))
        _ = try lenient.begin(key, now: time(1))
        var strict = SubscriptionTable(isStrict: true)
        strict.end(key, id: try strict.begin(key, now: time(0)), now: time(1))
        #expect(throws: ServiceError.self) { try strict.begin(key, now: time(4)) }
        _ = try strict.begin(key, now: time(5))
    }
}
