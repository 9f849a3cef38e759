public import Records

extension ProcessorSpec {
    /// The items in the data of one Kinesis record.
    ///
    /// `json_list` gives one item, the list. Blank lines between lines are no items. For a `kpl_*` processor, `data` is that of one
    /// record as `KPL.deaggregate` leaves it. Errors carry the offset in `data`, decompressed.
    public func decode(_ data: [UInt8]) throws(ProcessorError) -> [Value] {
        let data = try compression?.decompress(data) ?? data
        let serializer = serializer.serializer
        var values: [Value] = []
        try aggregator.framing.forEachItem(in: data[...]) { (item) throws(ProcessorError) in
            values.append(try serializer.deserialize(item))
        }
        return values
    }

    /// One item as bytes; an aggregator frames them.
    public func serialize(_ value: Value) throws(ProcessorError) -> [UInt8] {
        var output: [UInt8] = []
        try serializer.serializer.serialize(value, into: &output)
        return output
    }

    /// The bytes of a record's content that need no writing, in the memory that they are in: JSON that is written as JSON, unless it spans
    /// lines, and bytes that are written as they are.
    public func readyPayload(of content: Content) -> SharedBytes? {
        switch content {
        case .json(let text) where serializer == .json && text.isOneLine: text.bytes
        case .value(.bytes(let bytes)) where serializer == .raw: SharedBytes(bytes)
        default: nil
        }
    }

    /// A record's content as bytes, appended; what is appended when it throws is undefined.
    public func serialize(_ content: Content, into output: inout [UInt8]) throws(ProcessorError) {
        switch content {
        case .json(let text) where serializer == .json && text.isOneLine: output.append(contentsOf: text.bytes.slice)
        case .json(let text) where serializer == .msgpack: try MessagePack.write(text, into: &output)
        default: try serializer.serializer.serialize(content.value, into: &output)
        }
    }
}
