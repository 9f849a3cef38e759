/// Records in their order: a list of them, or what a source read, of which a record is made only where somebody looks at one.
public struct RecordBatch: Sendable, RandomAccessCollection {
    private enum Storage: Sendable {
        case each([Record])
        case read(Contents, RecordOrigins)
    }

    private let storage: Storage

    /// These.
    public init(_ records: [Record]) {
        storage = .each(records)
    }

    /// What was read: as many origins as contents.
    public init(_ contents: Contents, from origins: RecordOrigins) {
        storage = .read(contents, origins)
    }

    /// 0.
    public var startIndex: Int { 0 }
    /// How many there are.
    public var endIndex: Int {
        switch storage {
        case .each(let records): records.count
        case .read(let contents, _): contents.count
        }
    }

    /// One of them.
    public subscript(index: Int) -> Record {
        switch storage {
        case .each(let records): records[index]
        case .read(let contents, let origins): Record(contents[index], origin: origins[index])
        }
    }

    /// What one of them carries: cheaper than the record, of which it says nothing else.
    public func content(at index: Int) -> Content {
        switch storage {
        case .each(let records): records[index].content
        case .read(let contents, _): contents[index]
        }
    }

    /// False where none of them was read with a key.
    public var mayHaveKeys: Bool {
        switch storage {
        case .each: true
        case .read(_, let origins): origins.mayHaveKeys
        }
    }

    /// Where they were read, without what they carry.
    public var origins: RecordOrigins {
        switch storage {
        case .each(let records): RecordOrigins(records.map(\.origin))
        case .read(_, let origins): origins
        }
    }
}

/// Where the records of a batch were read, in their order.
public struct RecordOrigins: Sendable {
    private enum Storage: Sendable {
        case each([Origin])
        /// One record for each entry.
        case entries(BatchOrigin)
        /// Several for some; for each record the index of its entry.
        case shared(BatchOrigin, [Int])
    }

    private let storage: Storage

    init(_ origins: [Origin]) {
        storage = .each(origins)
    }

    /// - Parameter entries: for each record, the index of the entry that it came from; nil where each entry became one record.
    public init(_ batch: BatchOrigin, entries: [Int]? = nil) {
        storage = if let entries { .shared(batch, entries) } else { .entries(batch) }
    }

    fileprivate var mayHaveKeys: Bool {
        switch storage {
        case .each: true
        case .entries(let batch), .shared(let batch, _): batch.mayHaveKeys
        }
    }

    /// That of one record.
    public subscript(index: Int) -> Origin {
        switch storage {
        case .each(let origins): origins[index]
        case .entries(let batch): Origin(batch, at: index)
        case .shared(let batch, let entries): Origin(batch, at: entries[index])
        }
    }
}
