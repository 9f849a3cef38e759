import NIOCore
import Records
import Testing

@testable import Kinesis

@Suite("Event streams")
struct EventStreamTests {
    /// What AWS begins a subscription with (generated with botocore).
    private static let golden =
        "0000007200000060ab820d9e0d3a6d6573736167652d747970650700056576656e740b3a6576656e742d74797065070010696e697469616c2d726573706f6e7365"
        + "0d3a636f6e74656e742d7479706507001a6170706c69636174696f6e2f782d616d7a2d6a736f6e2d312e317b7de16e66e4"

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    }

    /// All messages of bytes that come in parts of these sizes, in turn.
    private func read(_ bytes: [UInt8], parts sizes: [Int] = [.max]) throws -> [EventStreamMessage] {
        var reader = EventStreamReader()
        var messages: [EventStreamMessage] = []
        var rest = bytes[...]
        var turn = 0
        while !rest.isEmpty {
            let part = rest.prefix(sizes[turn % sizes.count])
            turn += 1
            rest = rest.dropFirst(part.count)
            reader.append(ByteBuffer(bytes: part))
            while let message = try reader.next() { messages.append(message) }
        }
        #expect(!reader.isPartial)
        return messages
    }

    @Test("the golden initial response is read, however it is cut", arguments: [[Int.max], [1], [11, 1, 3], [113, 1]])
    func golden(sizes: [Int]) throws {
        let message = try #require(try read(Self.bytes(Self.golden), parts: sizes).first)
        #expect(message.header(":event-type") == "initial-response" && message.header(":message-type") == "event")
        #expect(message.header(":content-type") == "application/x-amz-json-1.1")
        #expect(message.payload == Array("{}".utf8))
    }

    @Test("headers of all types are passed over, strings are kept")
    func headerTypes() throws {
        var headers: [UInt8] = [1, 0x61, 0, 1, 0x62, 1, 1, 0x63, 2, 9, 1, 0x64, 3, 0, 9, 1, 0x65, 4, 0, 0, 0, 9]
        headers += [1, 0x66, 5, 0, 0, 0, 0, 0, 0, 0, 0]
        headers += [1, 0x67, 6, 0, 2, 1, 2, 1, 0x68, 7, 0, 1, 0x78]
        headers += [1, 0x69, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x6A, 9]
        headers += [UInt8](repeating: 0, count: 16)
        let message = try #require(try read(EventStreamWriter.message(encodedHeaders: headers, [7])).first)
        #expect(message.headers.map(\.name) == ["h"] && message.header("h") == "x")
        #expect(message.payload == [7])
    }

    @Test("a bit that is flipped anywhere is noticed, and nothing is read from there on")
    func spoiled() {
        let good = EventStreamWriter.event("{}")
        let bytes = good + EventStreamWriter.event(#"{"Records":[]}"#) + good
        for place in good.count..<(bytes.count - good.count) {
            for bit in 0..<8 {
                var spoiled = bytes
                spoiled[place] ^= 1 << UInt8(bit)
                var reader = EventStreamReader()
                reader.append(ByteBuffer(bytes: spoiled))
                #expect(throws: Never.self) { try reader.next() }
                #expect(throws: EventStreamError.self, "byte \(place), bit \(bit)") { try reader.next() }
                #expect(throws: EventStreamError.self) { try reader.next() }
            }
        }
    }

    @Test("messages of any sizes come out as they went in, however they are cut", arguments: 0..<50)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var (bytes, payloads): ([UInt8], [[UInt8]]) = ([], [])
        for _ in 0..<20 {
            let payload = (0..<Int.random(in: 0...3_000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            payloads.append(payload)
            bytes += EventStreamWriter.message(encodedHeaders: [1, 0x61, 7, 0, 1, 0x62], payload)
        }
        let sizes = (0..<7).map { _ in Int.random(in: 1...2_000, using: &random) }
        #expect(try read(bytes, parts: sizes).map(\.payload) == payloads)
    }

    @Test("bytes that are no event stream end in an error and not in a large buffer", arguments: 0..<200)
    func noise(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var reader = EventStreamReader()
        reader.append(ByteBuffer(bytes: (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }))
        #expect(throws: EventStreamError.self) { while try reader.next() != nil {} }
        // Right checksums around headers that lie about their lengths.
        let headers = (0..<Int.random(in: 1...40, using: &random)).map { _ in UInt8.random(in: 0...12, using: &random) }
        var other = EventStreamReader()
        other.append(ByteBuffer(bytes: EventStreamWriter.message(encodedHeaders: headers, [])))
        _ = try? other.next()
    }

    @Test("lengths beyond what any service sends are refused before their bytes are waited for")
    func tooLong() {
        for (length, headerLength) in [(UInt32.max, UInt32(0)), (1_000_000, 500_000), (15, 0), (20, 16)] {
            var buffer = ByteBuffer()
            buffer.writeInteger(length)
            buffer.writeInteger(headerLength)
            buffer.writeInteger(EventStreamWriter.checksum(Array(buffer: buffer)))
            var reader = EventStreamReader()
            reader.append(buffer)
            #expect(throws: EventStreamError.self) { try reader.next() }
        }
    }

    @Test("the fast checksum is that of gzip, for every length and place", arguments: 0..<20)
    func checksums(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bytes = (0..<Int.random(in: 0...100, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(bytes.withUnsafeBytes { CRC32.checksum($0) } == EventStreamWriter.checksum(bytes))
        let middle = bytes.count / 2
        let first = bytes[..<middle].withUnsafeBytes { CRC32.checksum($0) }
        #expect(bytes[middle...].withUnsafeBytes { CRC32.checksum($0, after: first) } == EventStreamWriter.checksum(bytes))
        #expect(Array("123456789".utf8).withUnsafeBytes { CRC32.checksum($0) } == 0xCBF4_3926)
    }
}
