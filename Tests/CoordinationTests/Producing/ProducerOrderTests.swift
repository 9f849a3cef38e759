import Records
import Synchronization
import Testing

@testable import Coordination

@Suite struct ProducerOrderTests {
    @Test("A request has one record of a key; the next goes when that one is stored")
    func oneRecordOfAKey() {
        var producer = ProducerFixture()
        producer.enqueue([1, 2, 3], key: "a")
        producer.enqueue([4], key: "b")
        producer.flush()
        #expect(producer.requests.map(\.tokens) == [[1, 4]])
        producer.answer()
        #expect(producer.requests.map(\.tokens) == [[2]])
    }

    @Test("Without ordering a request takes all of a key, and a shard several requests")
    func unordered() {
        var producer = ProducerFixture {
            $0.ordering = .none
            $0.batchSize = 2
        }
        producer.enqueue([1, 2, 3, 4], key: "a")
        #expect(producer.requests.map(\.tokens) == [[1, 2], [3, 4]])
    }

    @Test("A refused record holds back its key, and nothing else of its shard")
    func holdsBackItsKey() {
        var producer = ProducerFixture()
        producer.enqueue([1, 2], key: "a")
        producer.enqueue([3, 4], key: "b")
        producer.flush()
        #expect(producer.requests.map(\.tokens) == [[1, 3]])
        producer.answer { $0 == 1 ? internalFailure : .stored(shard: "s0") }
        #expect(producer.requests.map(\.tokens) == [[4]])
        producer.answer()
        producer.advance(.seconds(5))
        #expect(producer.requests.map(\.tokens) == [[1]])
        producer.answer()
        producer.answer()
        #expect(producer.acknowledged == [3, 4, 1, 2])
    }

    @Test("A request without an answer is sent again as it was, before what came later")
    func wholeRequestFails() {
        var producer = ProducerFixture()
        producer.enqueue([1, 2, 3])
        producer.flush()
        producer.enqueue([4])
        producer.fail(.transient)
        producer.advance(.seconds(5))
        #expect(producer.requests.map(\.tokens) == [[1, 2, 3, 4]])
    }

    @Test("A reply of another length acknowledges nothing")
    func wrongLength() {
        var producer = ProducerFixture()
        producer.enqueue([1, 2])
        producer.flush()
        let id = producer.requests[0].id
        #expect(producer.state.completed(id, .answered([.stored(shard: "s0")]), now: producer.now).isEmpty)
        #expect(producer.state.pendingRecords == 2)
    }

    @Test("A record that is abandoned while it waits is acknowledged unsent, also before a retry, and those behind it go on")
    func abandoned() {
        let abandoned = Mutex<Set<Int>>([])
        var producer = ProducerFixture(isAbandoned: { token in abandoned.withLock { $0.contains(token) } })
        producer.enqueue([1, 2, 3, 4], key: "a")
        producer.flush()
        #expect(producer.requests.map(\.tokens) == [[1]])
        abandoned.withLock { $0 = [1, 3, 4] }
        producer.answer { _ in internalFailure }
        producer.advance(.seconds(5))
        #expect(producer.requests.map(\.tokens) == [[2]] && producer.acknowledged == [1])
        producer.answer()
        #expect(producer.acknowledged == [1, 2, 3, 4] && producer.requests.isEmpty)
        #expect(producer.state.pendingRecords == 0 && producer.state.pendingBytes == 0)
    }

    @Test("Records pinned to one point of the hash space keep the order of their own keys only")
    func pinned() {
        var producer = ProducerFixture()
        for (token, key) in [(1, "a"), (2, "b"), (3, "a")] {
            try! producer.state.enqueue(ProducerEntry(data: [], partitionKey: key, explicitHashKey: "7", token: token), now: .zero)
        }
        producer.flush()
        #expect(producer.requests.map(\.tokens) == [[1, 2]])
    }
}
