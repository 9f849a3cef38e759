import NIOCore

/// One message of an event stream (AWS SDKs and Tools: `application/vnd.amazon.eventstream`).
struct EventStreamMessage: Sendable, Hashable {
    /// Those whose values are strings; others mean nothing to Kinesis.
    var headers: [(name: String, value: String)]
    var payload: [UInt8]

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    static func == (left: EventStreamMessage, right: EventStreamMessage) -> Bool {
        left.payload == right.payload && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(payload)
    }
}

/// Why bytes are no event stream: what follows them cannot be read either.
struct EventStreamError: Error, Hashable, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Takes an event stream apart as its bytes come, however they are cut: a pure, incremental reader.
///
/// Big-endian: the length of the message, the length of its headers, CRC-32 of those eight bytes, headers, payload, CRC-32 of all before.
struct EventStreamReader: Sendable {
    /// The prelude with its checksum, and the checksum at the end.
    private static let overhead = 16
    private static let preludeLength = 12
    /// What botocore takes at most (`botocore.eventstream`).
    private static let mostHeaderBytes = 128 << 10
    private static let mostPayloadBytes = 24 << 20

    private var buffer = ByteBuffer()
    /// Of the message that is coming in; nil before its prelude is here.
    private var prelude: (length: Int, headerLength: Int)?
    private var failure: EventStreamError?

    /// True in the middle of a message.
    var isPartial: Bool { buffer.readableBytes > 0 }

    mutating func append(_ bytes: ByteBuffer) {
        var bytes = bytes
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            // What was read of a long stream must not pile up before what is still to come.
            buffer.discardReadBytes()
            if let prelude { buffer.reserveCapacity(prelude.length) }
            buffer.writeBuffer(&bytes)
        }
    }

    /// The next whole message; nil before it is here. Once it has thrown, it throws for good.
    mutating func next() throws(EventStreamError) -> EventStreamMessage? {
        if let failure { throw failure }
        do throws(EventStreamError) {
            return try read()
        } catch {
            failure = error
            buffer = ByteBuffer()
            throw error
        }
    }

    private mutating func read() throws(EventStreamError) -> EventStreamMessage? {
        guard let prelude = try readPrelude(), buffer.readableBytes >= prelude.length else { return nil }
        guard var message = buffer.readSlice(length: prelude.length) else { return nil }
        self.prelude = nil
        let stated = message.getInteger(at: message.readerIndex + prelude.length - 4, as: UInt32.self)
        let actual = message.withUnsafeReadableBytes { CRC32.checksum(UnsafeRawBufferPointer(rebasing: $0.dropLast(4))) }
        guard stated == actual else { throw EventStreamError("the checksum of a message is wrong") }
        message.moveReaderIndex(forwardBy: Self.preludeLength)
        guard var headers = message.readSlice(length: prelude.headerLength),
            let payload = message.readBytes(length: prelude.length - prelude.headerLength - Self.overhead)
        else { throw EventStreamError("a message is shorter than it says") }
        return EventStreamMessage(headers: try Self.headers(&headers), payload: payload)
    }

    private mutating func readPrelude() throws(EventStreamError) -> (length: Int, headerLength: Int)? {
        if let prelude { return prelude }
        guard buffer.readableBytes >= Self.preludeLength else { return nil }
        let start = buffer.readerIndex
        guard let length = buffer.getInteger(at: start, as: UInt32.self),
            let headerLength = buffer.getInteger(at: start + 4, as: UInt32.self)
        else { return nil }
        let checksum = buffer.withUnsafeReadableBytes { CRC32.checksum(UnsafeRawBufferPointer(rebasing: $0.prefix(8))) }
        // First of all: a length that is not checked could be anything.
        guard buffer.getInteger(at: start + 8, as: UInt32.self) == checksum else {
            throw EventStreamError("the checksum of a message's length is wrong")
        }
        guard headerLength <= Self.mostHeaderBytes, Int(length) >= Int(headerLength) + Self.overhead,
            Int(length) - Int(headerLength) - Self.overhead <= Self.mostPayloadBytes
        else { throw EventStreamError("a message is too long") }
        prelude = (Int(length), Int(headerLength))
        return prelude
    }

    private static func headers(_ buffer: inout ByteBuffer) throws(EventStreamError) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        while buffer.readableBytes > 0 {
            guard let nameLength = buffer.readInteger(as: UInt8.self), nameLength > 0,
                let name = buffer.readString(length: Int(nameLength)),
                let type = buffer.readInteger(as: UInt8.self)
            else { throw EventStreamError("a header is cut off") }
            guard let length = valueLength(type, &buffer), let value = buffer.readSlice(length: length) else {
                throw EventStreamError("the value of a header is cut off or of no known type")
            }
            if type == 7 { headers.append((name, String(buffer: value))) }
        }
        return headers
    }

    /// The types of the format: true, false, integers of 8 to 64 bits, bytes, a string, a time and a UUID.
    private static func valueLength(_ type: UInt8, _ buffer: inout ByteBuffer) -> Int? {
        switch type {
        case 0, 1: 0
        case 2: 1
        case 3: 2
        case 4: 4
        case 5, 8: 8
        case 6, 7: buffer.readInteger(as: UInt16.self).map(Int.init)
        case 9: 16
        default: nil
        }
    }
}
