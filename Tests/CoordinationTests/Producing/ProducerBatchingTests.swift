import Records
import Testing

@testable import Coordination

@Suite struct ProducerBatchingTests {
    @Test("A request leaves with the batch size, never with one more")
    func count() {
        var producer = ProducerFixture(shards: 4) { $0.batchSize = 5 }
        producer.enqueue(0..<4)
        #expect(producer.requests.isEmpty)
        producer.enqueue(4..<12)
        #expect(producer.requests.allSatisfy { $0.tokens.count <= 5 })
        #expect(producer.requests.first?.tokens.count == 5)
    }

    @Test("The oldest record's deadline sends what there is, and the state names the moment")
    func deadline() {
        var producer = ProducerFixture()
        producer.enqueue([1])
        producer.advance(.milliseconds(100))
        producer.enqueue([2])
        #expect(producer.state.nextWakeUp == .zero + .milliseconds(500))
        producer.advance(.milliseconds(399))
        #expect(producer.requests.isEmpty)
        producer.advance(.milliseconds(1))
        #expect(producer.requests.map(\.tokens) == [[1, 2]])
    }

    @Test("A request never has more bytes than the limit, and full ones leave at once")
    func bytes() {
        var producer = ProducerFixture(shards: 8) {
            $0.requestBytes = 100
            $0.recordBytes = 100
        }
        producer.enqueue(0..<16, size: 30)
        #expect(!producer.requests.isEmpty)
        #expect(producer.requests.allSatisfy { $0.bytes <= 100 })
    }

    /// Requests have enough long before they are full.
    private static func beContent(_ limits: inout ProducerLimits) {
        limits.enoughBytes = 100
        limits.requestBytes = 1_000
        limits.recordBytes = 400
    }

    @Test("A request ends where it has enough while another may go beside it; the last one takes all it can")
    func enough() {
        var producer = ProducerFixture(shards: 8) {
            Self.beContent(&$0)
            $0.maxInFlight = 2
        }
        for shard in 0..<8 { producer.enqueue(shard, shard: shard, size: 40) }
        #expect(producer.requests.map(\.bytes) == [80, 120])
        producer.answer()
        #expect(producer.requests.map(\.bytes) == [120, 120])
    }

    @Test("No request begins while as many bytes are under way as may be, but where nothing is, any does")
    func bytesInFlight() {
        var producer = ProducerFixture(shards: 8) {
            $0.enoughBytes = 100
            $0.inFlightBytes = 150
        }
        for shard in 0..<6 { producer.enqueue(shard, shard: shard, size: 100) }
        #expect(producer.requests.map(\.tokens) == [[0], [1]])
        #expect(producer.state.nextWakeUp == nil)
        producer.answer()
        #expect(producer.requests.map(\.tokens) == [[1], [2]])
        producer.fail(.transient)
        #expect(producer.requests.map(\.tokens) == [[2], [3]])

        var narrow = ProducerFixture { $0.inFlightBytes = 0 }
        narrow.enqueue([1])
        narrow.flush()
        #expect(narrow.requests.map(\.tokens) == [[1]])
    }

    @Test("A record with more than enough bytes still goes")
    func moreThanEnough() {
        var producer = ProducerFixture(shards: 8, Self.beContent)
        producer.enqueue([1], size: 400)
        #expect(producer.requests.map(\.bytes) == [400])
    }

    @Test("A flush sends what is there and leaves later records their time")
    func flush() {
        var producer = ProducerFixture()
        producer.enqueue([1, 2])
        producer.flush()
        #expect(producer.requests.map(\.tokens) == [[1, 2]])
        producer.answer()
        producer.enqueue([3])
        #expect(producer.requests.isEmpty)
    }

    @Test("Shards are written to in parallel, one request a shard, up to the limit of requests")
    func parallel() {
        var producer = ProducerFixture(shards: 8) {
            $0.batchSize = 2
            $0.maxInFlight = 3
        }
        for shard in 0..<8 { for token in 0..<2 { producer.enqueue(shard * 10 + token, shard: shard) } }
        #expect(producer.requests.map(\.tokens) == [[0, 1], [10, 11], [20, 21]])
        producer.enqueue(100, shard: 0)
        producer.answer()
        #expect(producer.requests.map(\.tokens) == [[10, 11], [20, 21], [30, 31]])
    }

    @Test("Nothing is sent before the shards are known, or known to be unknown")
    func waitsForMap() {
        var producer = ProducerFixture(shards: nil)
        producer.enqueue([1])
        producer.flush()
        #expect(producer.refreshes == 1 && producer.requests.isEmpty)
        producer.state.shardMapUnavailable(now: producer.now)
        producer.poll()
        #expect(producer.requests.map(\.tokens) == [[1]])
        producer.advance(.seconds(1))
        #expect(producer.refreshes == 2)
    }

    @Test("Finished means drained only once everything is stored, and no record is accepted any more")
    func finish() {
        var producer = ProducerFixture()
        producer.enqueue([1])
        producer.state.finish()
        producer.poll()
        #expect(!producer.state.isDrained)
        producer.answer()
        #expect(producer.state.isDrained && producer.acknowledged == [1])
        #expect(throws: ProducerError.finished) {
            try producer.state.enqueue(ProducerEntry(data: [], partitionKey: "k", token: 2), now: producer.now)
        }
    }

    @Test("Records that the service would refuse are refused before they are queued")
    func invalid() throws {
        var producer = ProducerFixture()
        #expect(throws: ProducerError.recordTooLarge(bytes: 1_048_577, limit: 1_048_576)) {
            try producer.state.enqueue(
                ProducerEntry(data: RecordData(repeatElement(0, count: 1_048_576)), partitionKey: "k", token: 1), now: .zero)
        }
        #expect(producer.state.pendingRecords == 0)
        let long = String(repeating: "é", count: 256)
        _ = try ProducerEntry(data: [], partitionKey: long, token: 1)
        #expect(throws: ProducerError.partitionKeyLength(257)) { try ProducerEntry(data: [], partitionKey: long + "x", token: 1) }
        #expect(throws: ProducerError.partitionKeyLength(0)) { try ProducerEntry(data: [], partitionKey: "", token: 1) }
        for text in ["", "-1", "+1", "0x1", "340282366920938463463374607431768211456"] {
            #expect(throws: ProducerError.explicitHashKey(text)) {
                try ProducerEntry(data: [], partitionKey: "k", explicitHashKey: text, token: 1)
            }
        }
    }
}
