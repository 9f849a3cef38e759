public import Records

/// The records of one delivery as their source read them, in their order.
public struct SourceItems: Sendable {
    /// Their content is null where they could not be decoded.
    public private(set) var records: [Record] = []
    /// Why records could not be decoded, by their indices, ascending.
    public private(set) var failures: [(index: Int, failure: Failure)] = []
    /// What is done once all records before `end` are, ascending: nothing new inside of a record that holds several.
    public private(set) var positions: [(end: Int, position: Position)] = []

    /// None.
    public init() {}

    /// Whether there is none.
    public var isEmpty: Bool { records.isEmpty }

    mutating func reserveCapacity(records count: Int, positions: Int) {
        records.reserveCapacity(count)
        self.positions.reserveCapacity(positions)
    }

    /// Adds a record, or why there is none; `position` is done once it is, nil inside of a record that holds several.
    public mutating func append(_ record: Record, failure: Failure? = nil, position: Position?) {
        if let failure { failures.append((records.count, failure)) }
        records.append(record)
        if let position { positions.append((records.count, position)) }
    }
}
