import Records

/// Each item and a line feed.
struct NewlineAggregate: FramedAggregate {
    private static let lineFeed = UInt8(ascii: "\n")
    var data = RecordData(.lines)

    static func accountedHeader(of payload: SharedBytes) -> Int { 1 }

    static func check(_ payload: SharedBytes) throws(ProcessorError) {
        guard let offset = payload.offset(of: lineFeed) else { return }
        throw ProcessorError(
            .breaksFraming, "An item with a line feed would be read back as several lines", offset: offset,
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
}
