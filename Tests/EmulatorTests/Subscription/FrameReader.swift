import NIOCore
import Records
import Wire

@testable import Emulator

/// Takes an event stream apart, by the format's description alone.
struct FrameReader {
    struct Frame {
        var headers: [String: String]
        var payload: Value

        var type: String { headers[":event-type"] ?? headers[":exception-type"] ?? "" }
        var keys: [String] { payload["Records"].elements.compactMap { $0["PartitionKey"].text } }
    }

    struct BadChecksum: Error {}
    struct UnknownContent: Error {}

    private var bytes: [UInt8] = []

    /// Bytes of a frame that is not whole.
    var rest: Int { bytes.count }

    mutating func take(_ more: some Sequence<UInt8>) {
        bytes += more
    }

    mutating func next() throws -> Frame? {
        guard bytes.count >= 12 else { return nil }
        let (length, headerLength) = (integer(0), integer(4))
        guard integer(8) == checksum(bytes[..<8]) else { throw BadChecksum() }
        guard bytes.count >= length else { return nil }
        guard integer(length - 4) == checksum(bytes[..<(length - 4)]) else { throw BadChecksum() }
        var headers: [String: String] = [:]
        var rest = bytes[12..<(12 + headerLength)]
        while let nameLength = rest.popFirst() {
            let name = String(decoding: rest.prefix(Int(nameLength)), as: UTF8.self)
            rest = rest.dropFirst(Int(nameLength) + 1)
            let valueLength = rest.prefix(2).reduce(0) { $0 << 8 | Int($1) }
            headers[name] = String(decoding: rest.dropFirst(2).prefix(valueLength), as: UTF8.self)
            rest = rest.dropFirst(2 + valueLength)
        }
        guard let format = headers[":content-type"].flatMap({ WireFormat(contentType: $0) }) else { throw UnknownContent() }
        let payload = Value.map(try format.parse(ByteBuffer(bytes: bytes[(12 + headerLength)..<(length - 4)])))
        bytes.removeFirst(length)
        return Frame(headers: headers, payload: payload)
    }

    private func integer(_ offset: Int) -> Int { bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) } }

    private func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
        var value: UInt32 = .max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xedb8_8320 }
        }
        return Int(~value)
    }
}
