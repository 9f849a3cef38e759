import Testing

@testable import Emulator

@Suite("Tokens")
struct TokenTests {
    private let iterator = ShardIterator(stream: 3, shard: 1 << 22, counter: .max >> 24, issuedAt: 1_800_000_000_000)

    @Test("A shard iterator reads back, and fits the API's 512 characters")
    func iteratorRoundTrip() throws {
        #expect(iterator.token.count <= 512)
        #expect(try ShardIterator(token: iterator.token, now: iterator.issuedAt) == iterator)
    }

    @Test("A shard iterator expires after five minutes")
    func iteratorExpiry() throws {
        #expect(try ShardIterator(token: iterator.token, now: iterator.issuedAt + 300_000) == iterator)
        let error = #expect(throws: ServiceError.self) { try ShardIterator(token: iterator.token, now: iterator.issuedAt + 300_001) }
        #expect(error?.code == "ExpiredIteratorException")
        #expect(
            error?.message
                == "Iterator expired. The iterator was created at time Fri Jan 15 08:00:00 UTC 2027 while right now it is "
                + "Fri Jan 15 08:05:00 UTC 2027 which is further in the future than the tolerated delay of 300000 milliseconds.")
    }

    @Test("Changing any character of an iterator makes it invalid")
    func tampering() {
        let token = Array(iterator.token.utf8)
        for position in token.indices {
            var changed = token
            changed[position] = changed[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let error = #expect(throws: ServiceError.self) {
                try ShardIterator(token: String(decoding: changed, as: UTF8.self), now: iterator.issuedAt)
            }
            #expect(error == .invalidArgument("Invalid ShardIterator."))
        }
    }

    @Test(
        "Garbage and tokens of other kinds are no iterators",
        arguments: ["", "a", "AAAA", "not base64!", String(repeating: "A", count: 512)])
    func garbage(text: String) {
        #expect(throws: ServiceError.self) { try ShardIterator(token: text, now: 0) }
        #expect(throws: ServiceError.self) { try ShardPageToken(text: text, now: 0) }
        #expect(throws: ServiceError.self) { try StreamPageToken(text: text, now: 0) }
        let page = ShardPageToken(stream: 1, filter: .all, lastIndex: 0, issuedAt: 0)
        #expect(throws: ServiceError.self) { try ShardIterator(token: page.text, now: 0) }
    }

    @Test("A page token keeps its filter", arguments: [ShardFilter.all, .after(index: 7), .open, .openAt(5), .openSince(6)])
    func pageToken(filter: ShardFilter) throws {
        let token = ShardPageToken(stream: 1, filter: filter, lastIndex: 12, issuedAt: 1_000)
        #expect(try ShardPageToken(text: token.text, now: 2_000) == token)
        let error = #expect(throws: ServiceError.self) { try ShardPageToken(text: token.text, now: 301_001) }
        #expect(error?.code == "ExpiredNextTokenException")
    }

    @Test(
        "Dates are those of the calendar",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_704_067_199_999, "Sun, 31 Dec 2023 23:59:59 GMT"), (4_107_542_400_000, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] as [(Int64, String)])
    func dates(milliseconds: Int64, text: String) {
        #expect(UTCDate(milliseconds: milliseconds).httpText == text)
    }
}
