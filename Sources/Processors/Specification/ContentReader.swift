import JSON
public import Records

/// Reads the items in the data of a batch's Kinesis records (or lines): checked, and where it is JSON, decoded only when somebody asks.
public struct ContentReader: ~Copyable {
    private let serializer: SerializerKind
    private let framing: any Framing.Type
    private let compression: Compression?
    /// Whether no item spans lines, whatever is in it.
    private let isLines: Bool
    private var values: [Content] = []
    private var texts: TapeBuilder

    /// A reader of what `processor` writes, of which so many items and bytes are expected.
    public init(_ processor: ProcessorSpec, items: Int = 0, bytes: Int = 0) {
        texts = processor.serializer == .json ? TapeBuilder(texts: items, textBytes: bytes) : TapeBuilder()
        serializer = processor.serializer
        framing = processor.aggregator.framing
        compression = processor.compression
        isLines = processor.aggregator == .newline
    }

    /// Reads the items of one record, as `ProcessorSpec.decode` does; returns how many there are. One that throws adds none.
    public mutating func read(_ data: SharedBytes) throws(ProcessorError) -> Int {
        var data = data
        if let compression { data = SharedBytes(try compression.decompress(Array(data.slice))) }
        let before = count
        do throws(ProcessorError) {
            try framing.forEachItem(in: data.slice) { (item) throws(ProcessorError) in try add(item.indices, of: data.array) }
        } catch {
            if serializer == .json { texts.removeLast(leaving: before) } else { values.removeLast(values.count - before) }
            var error = error
            // Framings and serializers count in the array's indices.
            error.offset = error.offset.map { $0 - data.range.lowerBound }
            throw error
        }
        return count - before
    }

    /// Reads one item that has no frame around it. One that throws is not added.
    public mutating func readItem(_ item: SharedBytes) throws(ProcessorError) {
        do throws(ProcessorError) {
            try add(item.range, of: item.array)
        } catch {
            var error = error
            error.offset = error.offset.map { $0 - item.range.lowerBound }
            throw error
        }
    }

    /// Adds a value in the stead of an item that cannot be read.
    public mutating func add(_ value: Value) {
        if serializer == .json { texts.add(value) } else { values.append(.value(value)) }
    }

    /// The items of all records, in their order.
    public consuming func finish() -> Contents {
        serializer == .json ? texts.finish() : Contents(values)
    }

    private var count: Int { serializer == .json ? texts.count : values.count }

    private mutating func add(_ range: Range<Int>, of array: [UInt8]) throws(ProcessorError) {
        guard serializer == .json else { return values.append(.value(try serializer.serializer.deserialize(array[range]))) }
        do { try texts.add(range, of: array, isOneLine: isLines) } catch {
            throw JSONSerializer.located(error, in: array[range])
        }
    }
}
