public import Records

/// The records of one delivery as their source read them, in their order.
public struct SourceItems: Sendable {
    /// Their content is null where they could not be decoded.
    public let records: [Record]
    /// Why records could not be decoded, by their indices, ascending.
    public let failures: [(index: Int, failure: Failure)]
    /// What is done once all records before `end` are, ascending: nothing new inside of an entry that holds several.
    public let positions: [(end: Int, position: Position)]

    /// See the properties.
    public init(records: [Record], failures: [(index: Int, failure: Failure)] = [], positions: [(end: Int, position: Position)]) {
        self.records = records
        self.failures = failures
        self.positions = positions
    }

    /// Whether there is none.
    public var isEmpty: Bool { records.isEmpty }
}
