import Records
import Testing

@testable import Coordination

@Suite struct ProducerFailureTests {
    @Test("A throttled shard waits and slows down while the others go on")
    func throttle() {
        var producer = ProducerFixture(shards: 8)
        producer.enqueue(1, shard: 0)
        producer.enqueue(2, shard: 1)
        producer.flush()
        producer.answer { $0 == 1 ? throttled : .stored(shard: "s1") }
        producer.enqueue(3, shard: 0)
        producer.enqueue(4, shard: 1)
        producer.flush()
        #expect(producer.requests.map(\.tokens) == [[4]])
        #expect(producer.state.slowestShard?.id == "s0")
        producer.advance(.seconds(1))
        #expect(producer.requests.map(\.tokens) == [[4], [1, 3]])
    }

    @Test("An error code that nobody knows is tried again", arguments: ["InternalFailure", "SomethingNew", "KMSThrottlingException"])
    func retried(code: String) {
        var producer = ProducerFixture()
        producer.enqueue([1])
        producer.flush()
        producer.answer { _ in .failed(code: code, message: "no") }
        producer.advance(.seconds(5))
        #expect(producer.requests.map(\.tokens) == [[1]])
    }

    @Test(
        "An error that needs a person ends the producer, after acknowledging what is stored",
        arguments: ["AccessDeniedException", "KMSDisabledException", "ResourceNotFoundException"])
    func fatalRecord(code: String) {
        var producer = ProducerFixture()
        producer.enqueue([1, 2])
        producer.flush()
        producer.answer { $0 == 1 ? .failed(code: code, message: "no") : .stored(shard: "s0") }
        #expect(producer.acknowledged == [2])
        #expect(producer.failure == Failure(code, "no"))
        #expect(throws: ProducerError.failed(Failure(code, "no"))) {
            try producer.state.enqueue(ProducerEntry(data: [], partitionKey: "k", token: 3), now: producer.now)
        }
        #expect(producer.state.nextWakeUp == nil && producer.state.poll(now: producer.now + .seconds(60)).isEmpty)
    }

    @Test("A fatal answer to a whole request ends the producer; later answers change nothing")
    func fatalRequest() {
        var producer = ProducerFixture(shards: 8)
        producer.enqueue(1, shard: 0)
        producer.flush()
        producer.enqueue(2, shard: 1)
        producer.flush()
        producer.fail(.fatal)
        #expect(producer.failure?.code == "broken")
        producer.answer()
        #expect(producer.acknowledged.isEmpty)
    }

    @Test("Retries wait longer and longer, and never spin")
    func backsOff() {
        var producer = ProducerFixture()
        producer.enqueue([1])
        producer.flush()
        var attempts = 0
        while producer.now < .zero + .seconds(60) {
            if !producer.requests.isEmpty {
                attempts += 1
                producer.fail(.transient)
            }
            producer.advance(.milliseconds(1))
        }
        #expect((10...60).contains(attempts))
    }

    @Test("A wait that the service asks for is kept")
    func retryAfter() {
        var producer = ProducerFixture()
        producer.enqueue([1])
        producer.flush()
        producer.fail(.throttled, retryAfter: .seconds(30))
        producer.advance(.milliseconds(29_999))
        #expect(producer.requests.isEmpty)
        producer.advance(.milliseconds(1))
        #expect(producer.requests.map(\.tokens) == [[1]])
    }
}
