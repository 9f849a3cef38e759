import JSON
public import Records

/// Reads the items in the data of a batch's Kinesis records (or lines): checked, and where it is JSON, decoded only when somebody asks.
public struct ContentReader: ~Copyable {
    private let serializer: SerializerKind
    private let framing: any Framing.Type
    private let compression: Compression?
    private var values: [Content] = []
    private var texts: TapeBuilder

    /// A reader of what `processor` writes; `bytes` is what the data is expected to come to.
    public init(_ processor: ProcessorSpec, bytes: Int = 0) {
        texts = TapeBuilder(textBytes: processor.serializer == .json ? bytes : 0)
        serializer = processor.serializer
        framing = processor.aggregator.framing
        compression = processor.compression
    }

    /// Reads the items of one record, as `ProcessorSpec.decode` does; returns how many there are. One that throws adds none.
    public mutating func read(_ data: ArraySlice<UInt8>) throws(ProcessorError) -> Int {
        let data = try compression.map { compression throws(ProcessorError) in try compression.decompress(Array(data))[...] } ?? data
        let before = count
        do throws(ProcessorError) {
            try framing.forEachItem(in: data) { (item) throws(ProcessorError) in try add(item) }
        } catch {
            if serializer == .json { texts.removeLast(leaving: before) } else { values.removeLast(values.count - before) }
            var error = error
            // Framings and serializers count in the slice's indices.
            error.offset = error.offset.map { $0 - data.startIndex }
            throw error
        }
        return count - before
    }

    /// The items of all records, in their order.
    public consuming func finish() -> [Content] {
        serializer == .json ? texts.finish() : values
    }

    private var count: Int { serializer == .json ? texts.count : values.count }

    private mutating func add(_ item: ArraySlice<UInt8>) throws(ProcessorError) {
        guard serializer == .json else { return values.append(.value(try serializer.serializer.deserialize(item))) }
        do { try texts.add(item) } catch {
            throw JSONSerializer.located(error, in: item)
        }
    }
}
