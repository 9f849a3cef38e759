import Records
import Testing

@testable import Coordination

@Suite struct ProducerReshardTests {
    private let half = HashKey.max / 2

    private var children: ShardMap {
        ShardMap([shard("left", HashRange(start: 0, end: half)), shard("right", HashRange(start: half + 1, end: .max))])
    }

    private func aggregate(_ members: [HashKey], token: Int) -> ProducerEntry<Int> {
        try! ProducerEntry(data: [0, 0], partitionKey: "a", explicitHashKey: String(members[0]), members: members, token: token)
    }

    @Test("Records on an unexpected shard ask for a new listing, seldom while it brings no news")
    func refreshes() {
        var producer = ProducerFixture()
        for token in 0..<100 {
            producer.enqueue([token])
            producer.flush()
            producer.answer { _ in .stored(shard: "left") }
            if producer.refreshes > 1 { producer.state.shardMapLoaded(ShardMap(evenShards(1)), now: producer.now) }
            producer.advance(.milliseconds(100))
        }
        #expect(producer.acknowledged.count == 100)
        #expect((2...6).contains(producer.refreshes))
    }

    @Test("A new map is put to use when nothing is under way, so that no key is in two requests")
    func quiesces() {
        var producer = ProducerFixture()
        producer.enqueue([1, 2], key: "a")
        producer.flush()
        producer.state.shardMapLoaded(children, now: producer.now)
        producer.poll()
        #expect(producer.requests.map(\.tokens) == [[1]])
        producer.answer { _ in .stored(shard: "left") }
        #expect(producer.requests.map(\.tokens) == [[2]])
    }

    @Test("An aggregate on an unexpected shard counts as stored only if the shard is known to own all of it")
    func straddlingAggregate() throws {
        var producer = ProducerFixture()
        try producer.state.enqueue(aggregate([1, .max], token: 1), now: producer.now)
        producer.flush()
        producer.answer { _ in .stored(shard: "left") }
        // Where "left" begins and ends, the next listing tells.
        #expect(producer.acknowledged.isEmpty && producer.requests.isEmpty)
        producer.state.shardMapLoaded(children, now: producer.now)
        producer.poll()
        #expect(producer.requests.map(\.tokens) == [[1, 1]])
        producer.answer { _ in .stored(shard: "left") }
        #expect(producer.acknowledged == [1, 1])
        #expect(producer.state.pendingRecords == 0 && producer.state.pendingBytes == 0)
    }

    @Test("An aggregate that turns out to lie inside its unexpected shard is not sent again, and what came behind it goes on")
    func judgedByTheNewMap() throws {
        var producer = ProducerFixture()
        try producer.state.enqueue(aggregate([1, 2], token: 1), now: producer.now)
        try producer.state.enqueue(aggregate([1, 2], token: 2), now: producer.now)
        producer.flush()
        producer.answer { _ in .stored(shard: "left") }
        #expect(producer.acknowledged.isEmpty && producer.requests.isEmpty)
        producer.state.shardMapLoaded(children, now: producer.now)
        #expect(producer.state.nextWakeUp == .zero)
        producer.poll()
        #expect(producer.acknowledged == [1])
        #expect(producer.requests.map(\.tokens) == [[2]])
        #expect(producer.state.pendingRecords == 1)
    }

    @Test("Where no listing knows the shard, an aggregate in it is sent again member by member", arguments: [true, false])
    func unknownShard(listed: Bool) throws {
        var producer = ProducerFixture()
        try producer.state.enqueue(aggregate([1, 2], token: 1), now: producer.now)
        producer.flush()
        producer.answer { _ in .stored(shard: "elsewhere") }
        #expect(producer.requests.isEmpty)
        if listed {
            producer.state.shardMapLoaded(ShardMap(evenShards(1)), now: producer.now)
        } else {
            producer.state.shardMapUnavailable(now: producer.now)
        }
        producer.poll()
        #expect(producer.requests.map(\.tokens) == [[1]])
        producer.answer { _ in .stored(shard: "elsewhere") }
        producer.answer { _ in .stored(shard: "elsewhere") }
        #expect(producer.acknowledged == [1, 1] && producer.state.pendingRecords == 0)
    }

    @Test("Waiting aggregates that a new map cuts in two are taken apart before they are sent")
    func waitingAggregate() throws {
        var producer = ProducerFixture()
        try producer.state.enqueue(aggregate([1, .max], token: 1), now: producer.now)
        try producer.state.enqueue(aggregate([1, 2], token: 2), now: producer.now)
        producer.state.shardMapLoaded(children, now: producer.now)
        producer.flush()
        #expect(producer.requests.map(\.tokens) == [[1, 1]])
        #expect(producer.state.statistics.splitAggregates == 1)
        producer.answer { _ in .stored(shard: "left") }
        #expect(producer.requests.map(\.tokens) == [[2]])
    }

    @Test("Aggregates of a shard go one after the other, whatever keys they hold")
    func aggregatesInOrder() throws {
        var producer = ProducerFixture()
        for token in 1...3 { try producer.state.enqueue(aggregate([HashKey(token), 100], token: token), now: producer.now) }
        producer.flush()
        #expect(producer.requests.map(\.tokens) == [[1]])
        producer.answer { _ in internalFailure }
        producer.advance(.seconds(1))
        #expect(producer.requests.map(\.tokens) == [[1]])
    }
}
