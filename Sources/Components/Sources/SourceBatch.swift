import Processors
import Records

/// The records of one delivery while they are read: pure.
struct SourceBatch: ~Copyable {
    /// What was read, beside its entry in `entries`.
    private struct Draft {
        let partitionKey: String?
        let explicitHashKey: String?
        let position: Position
        /// How many items it holds, or why it cannot be decoded.
        let outcome: Result<Int, Failure>
    }

    private let place: ReadPlace
    private var reader: ContentReader
    private var entries: [ReadEntry] = []
    private var drafts: [Draft] = []
    /// The items until now.
    private(set) var count = 0

    /// - Parameters:
    ///   - capacity: how many entries are expected.
    ///   - bytes: what they are expected to come to.
    init(_ processor: ProcessorSpec, from place: ReadPlace, capacity: Int = 0, bytes: Int = 0) {
        self.place = place
        reader = ContentReader(processor, bytes: bytes)
        entries.reserveCapacity(capacity)
        drafts.reserveCapacity(capacity)
    }

    /// Decodes what `entry.raw` holds; the position counts with the last item, for the others are done together with it.
    mutating func read(_ entry: ReadEntry, partitionKey: String? = nil, explicitHashKey: String? = nil, position: Position) {
        let outcome: Result<Int, Failure>
        do throws(ProcessorError) {
            outcome = .success(try reader.read(entry.raw))
        } catch {
            outcome = .failure(error.failure)
        }
        add(entry, Draft(partitionKey: partitionKey, explicitHashKey: explicitHashKey, position: position, outcome: outcome))
    }

    /// An entry that cannot be decoded.
    mutating func add(_ entry: ReadEntry, _ failure: Failure, position: Position) {
        add(entry, Draft(partitionKey: nil, explicitHashKey: nil, position: position, outcome: .failure(failure)))
    }

    private mutating func add(_ entry: ReadEntry, _ draft: Draft) {
        entries.append(entry)
        drafts.append(draft)
        switch draft.outcome {
        case .success(let items): count += items
        case .failure: count += 1
        }
    }

    consuming func finish() -> SourceItems {
        let contents = reader.finish()
        let origin = BatchOrigin(place, entries)
        var items = SourceItems()
        items.reserveCapacity(records: count, positions: drafts.count)
        var next = contents.startIndex
        for (index, draft) in drafts.enumerated() {
            func record(_ content: Content) -> Record {
                Record(
                    content, partitionKey: draft.partitionKey, explicitHashKey: draft.explicitHashKey,
                    origin: Origin(origin, at: index))
            }
            switch draft.outcome {
            case .failure(let failure): items.append(record(.value(.null)), failure: failure, position: draft.position)
            case .success(let count):
                let end = next + count
                while next < end {
                    let content = contents[next]
                    next += 1
                    items.append(record(content), position: next == end ? draft.position : nil)
                }
            }
        }
        return items
    }
}
