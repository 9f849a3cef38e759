import Testing

@testable import Kinesis

@Suite("Shared read paces")
struct SharedReadPaceTests {
    private func key(_ shard: String, endpoint: String = "https://h", stream: String = "s") -> ReadPaces.Key {
        ReadPaces.Key(endpoint: endpoint, stream: stream, shard: shard)
    }

    @Test("all readers of a shard have one pace, readers of others have their own")
    func shared() {
        let paces = ReadPaces()
        let one = paces.pace(key("a"))
        #expect(paces.pace(key("a")) === one)
        #expect(paces.pace(key("b")) !== one)
        #expect(paces.pace(key("a", endpoint: "http://other")) !== one)
        #expect(paces.pace(key("a", stream: "t")) !== one)
    }

    @Test("a pace is let go with its last reader")
    func released() {
        let paces = ReadPaces()
        for index in 0..<1_000 { _ = paces.pace(key("\(index)")) }
        #expect(paces.count == 0)
        let kept = paces.pace(key("kept"))
        #expect(paces.count == 1 && paces.pace(key("kept")) === kept)
    }

    @Test("clients of the process that reach a stream by the same host share its paces")
    func clients() async throws {
        let stream = try #require(StreamIdentifier("shared-by-clients"))
        let (one, two) = (try await KinesisClient.fake(FakeTransport([])), try await KinesisClient.fake(FakeTransport([])))
        #expect(one.readPace(stream, shard: "a") === two.readPace(stream, shard: "a"))
    }
}
