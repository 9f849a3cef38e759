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

    @Test("A lasting failure is tried again for as long as it is worth, and then ends the producer with its own words")
    func lasting() {
        var producer = ProducerFixture()
        producer.enqueue([1])
        producer.flush()
        var attempts = 0
        while producer.failure == nil, producer.now < .zero + .seconds(60) {
            if !producer.requests.isEmpty {
                attempts += 1
                producer.fail(.lasting(patience: .seconds(2)))
            }
            producer.advance(.milliseconds(1))
        }
        #expect((4...40).contains(attempts))
        #expect(producer.now >= .zero + .seconds(2) && producer.now < .zero + .seconds(8))
        #expect(producer.failure?.code == "broken" && producer.acknowledged.isEmpty)
    }

    @Test("What has never worked is given up soon, however much patience it would be worth later")
    func neverWorked() {
        var producer = ProducerFixture()
        producer.enqueue([1])
        producer.flush()
        while producer.failure == nil, producer.now < .zero + .seconds(60) {
            if !producer.requests.isEmpty { producer.fail(.lasting(patience: .seconds(60))) }
            producer.advance(.milliseconds(1))
        }
        #expect(producer.now < .zero + .seconds(8))
    }

    @Test("A lasting failure that passes is forgotten once something is stored")
    func lastingPasses() {
        var producer = ProducerFixture()
        for round in 0..<3 {
            producer.enqueue([round])
            producer.flush()
            producer.fail(.lasting(patience: .seconds(2)))
            producer.advance(.milliseconds(1_500))
            producer.answer()
            producer.advance(.seconds(60))
        }
        #expect(producer.acknowledged == [0, 1, 2] && producer.failure == nil)
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
