public import Records

/// The records of one delivery as their source read them, in their order.
public struct SourceItems: Sendable {
    /// Their content is null where they could not be decoded.
    public let records: RecordBatch
    /// Why records could not be decoded, by their indices, ascending.
    public let failures: [(index: Int, failure: Failure)]
    /// What is done once all records before `end` are.
    public let positions: ReadPositions

    /// See the properties.
    public init(records: RecordBatch, failures: [(index: Int, failure: Failure)] = [], positions: ReadPositions) {
        self.records = records
        self.failures = failures
        self.positions = positions
    }

    /// Whether there is none.
    public var isEmpty: Bool { records.isEmpty }
}

/// How far a source is once so many of a delivery's records are done, ascending: nothing new inside of an entry that holds several.
public struct ReadPositions: Sendable, RandomAccessCollection {
    private enum Storage: Sendable {
        case each([(end: Int, position: Position)])
        /// The offset behind each record, which is a line.
        case offsets([UInt64])
    }

    private let storage: Storage

    /// These.
    public init(_ positions: [(end: Int, position: Position)]) {
        storage = .each(positions)
    }

    /// Of lines, by the offset behind each.
    init(behindLines offsets: [UInt64]) {
        storage = .offsets(offsets)
    }

    /// 0.
    public var startIndex: Int { 0 }
    /// How many there are.
    public var endIndex: Int {
        switch storage {
        case .each(let positions): positions.count
        case .offsets(let offsets): offsets.count
        }
    }

    /// One of them.
    public subscript(index: Int) -> (end: Int, position: Position) {
        switch storage {
        case .each(let positions): positions[index]
        case .offsets(let offsets): (index + 1, Position(offset: offsets[index]))
        }
    }
}
