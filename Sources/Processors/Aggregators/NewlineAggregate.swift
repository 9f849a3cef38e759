import Records

/// Each item and a line feed.
struct NewlineAggregate: Framing {
    private static let lineFeed = UInt8(ascii: "\n")
    private var data = AggregateBuffer()

    static func accountedHeader(of payload: ArraySlice<UInt8>) -> Int { 1 }

    static func check(_ payload: ArraySlice<UInt8>) throws(ProcessorError) {
        guard let index = payload.firstIndex(of: lineFeed, from: payload.startIndex) else { return }
        throw ProcessorError(
            .breaksFraming, "An item with a line feed would be read back as several lines", offset: index - payload.startIndex,
            hint: "Use the json serializer, which escapes it, or the netstring aggregator.")
    }

    static func forEachItem(
        in data: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws(ProcessorError) -> Void
    ) throws(ProcessorError) {
        var start = data.startIndex
        while start < data.endIndex {
            let end = data.firstIndex(of: lineFeed, from: start) ?? data.endIndex
            if end > start { try body(data[start..<end]) }
            start = end + 1
        }
    }

    func size(adding payload: ArraySlice<UInt8>, partitionKey: String?, explicitHashKey: String?) -> Int { data.count + payload.count + 1 }

    mutating func append(_ payload: ArraySlice<UInt8>, partitionKey: String?, explicitHashKey: String?) {
        data.append(payload)
        data.append(Self.lineFeed)
    }

    mutating func finish() -> [UInt8] { data.take() }
}
