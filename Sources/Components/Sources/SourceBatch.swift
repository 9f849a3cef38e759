import Processors
import Records

/// The records of one delivery while they are read: pure.
struct SourceBatch: ~Copyable {
    private struct Draft {
        /// Without its content.
        let record: Record
        let position: Position?
        /// How many items it holds, or why it cannot be decoded.
        let outcome: Result<Int, Failure>
    }

    private var reader: ContentReader
    private var drafts: [Draft] = []
    /// The items until now.
    private(set) var count = 0

    init(_ processor: ProcessorSpec) {
        reader = ContentReader(processor)
    }

    /// Decodes what `record.raw` holds; the position counts with the last item, for the others are done together with it.
    mutating func read(_ record: Record, position: Position) {
        do throws(ProcessorError) {
            let items = try reader.read(record.raw)
            drafts.append(Draft(record: record, position: position, outcome: .success(items)))
            count += items
        } catch {
            add(record, error.failure, position: position)
        }
    }

    /// A record that cannot be decoded.
    mutating func add(_ record: Record, _ failure: Failure, position: Position) {
        drafts.append(Draft(record: record, position: position, outcome: .failure(failure)))
        count += 1
    }

    consuming func finish() -> [SourceItem] {
        let contents = reader.finish()
        var items: [SourceItem] = []
        items.reserveCapacity(count)
        var next = contents.startIndex
        for draft in drafts {
            switch draft.outcome {
            case .failure(let failure): items.append(SourceItem(draft.record, failure: failure, position: draft.position))
            case .success(let count):
                let end = next + count
                while next < end {
                    var record = draft.record
                    record.content = contents[next]
                    next += 1
                    items.append(SourceItem(record, position: next == end ? draft.position : nil))
                }
            }
        }
        return items
    }
}
