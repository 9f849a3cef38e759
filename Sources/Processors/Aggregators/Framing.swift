import Records

/// One aggregate that is being filled, and the reading of a finished one.
protocol Framing: Sendable {
    init()

    /// The bytes beyond its payload that an item counts, as async-kinesis accounts for it.
    static func accountedHeader(of payload: SharedBytes) -> Int

    /// Throws `breaksFraming` where the payload could not be read back.
    static func check(_ payload: SharedBytes) throws(ProcessorError)

    /// Hands over the items of a record's data, in their order.
    static func forEachItem(
        in data: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws(ProcessorError) -> Void
    ) throws(ProcessorError)

    /// The true size of the finished aggregate, were this item added.
    func size(adding payload: SharedBytes, partitionKey: String?, explicitHashKey: String?) -> Int

    mutating func append(_ payload: SharedBytes, partitionKey: String?, explicitHashKey: String?)

    /// The finished aggregate; a new one is open then.
    mutating func finish() -> RecordData
}

extension Framing {
    static func check(_ payload: SharedBytes) throws(ProcessorError) {}

    /// All of it is the one item, of a list too.
    static func forEachItem(
        in data: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws(ProcessorError) -> Void
    ) throws(ProcessorError) {
        try body(data)
    }
}
