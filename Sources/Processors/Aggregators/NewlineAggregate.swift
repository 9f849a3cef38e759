import Glibc

/// Each item and a line feed.
struct NewlineAggregate: Framing {
    private static let lineFeed = UInt8(ascii: "\n")
    private var data: [UInt8] = []

    static func accountedHeader(of payload: [UInt8]) -> Int { 1 }

    static func check(_ payload: [UInt8]) throws(ProcessorError) {
        // The C library looks at many bytes at once.
        let found = payload.withUnsafeBytes { bytes in
            bytes.baseAddress.flatMap { base in memchr(base, Int32(lineFeed), bytes.count).map { UnsafeRawPointer($0) - base } }
        }
        guard let index = found else { return }
        throw ProcessorError(
            .breaksFraming, "An item with a line feed would be read back as several lines", offset: index,
            hint: "Use the json serializer, which escapes it, or the netstring aggregator.")
    }

    static func split(_ data: ArraySlice<UInt8>) throws(ProcessorError) -> [ArraySlice<UInt8>] {
        data.split(separator: lineFeed)
    }

    func size(adding payload: [UInt8], partitionKey: String?, explicitHashKey: String?) -> Int { data.count + payload.count + 1 }

    mutating func append(_ payload: [UInt8], partitionKey: String?, explicitHashKey: String?) {
        data.append(contentsOf: payload)
        data.append(Self.lineFeed)
    }

    mutating func finish() -> [UInt8] {
        defer { self = Self() }
        return data
    }
}
