import Processors
import Records

/// The records of one delivery while they are read from entries that may hold several: pure.
struct SourceBatch: ~Copyable {
    private let place: ReadPlace
    private var reader: ContentReader
    private var entries: [ReadEntry] = []
    /// For each item, the index of its entry.
    private var owners: [Int] = []
    private var failures: [(index: Int, failure: Failure)] = []
    private var positions: [(end: Int, position: Position)] = []

    init(_ processor: ProcessorSpec, from place: ReadPlace) {
        self.place = place
        reader = ContentReader(processor)
    }

    /// The items until now.
    var count: Int { owners.count }

    /// Decodes the data that the entry was read from; the position counts with the last item, for the others are done together with it.
    mutating func read(_ data: [UInt8], as entry: ReadEntry, position: Position) {
        do throws(ProcessorError) {
            add(entry, items: try reader.read(SharedBytes(data)), position)
        } catch {
            failures.append((count, error.failure))
            reader.add(.null)
            add(entry, items: 1, position)
        }
    }

    private mutating func add(_ entry: ReadEntry, items: Int, _ position: Position) {
        owners.append(contentsOf: repeatElement(entries.count, count: items))
        entries.append(entry)
        if items > 0 { positions.append((count, position)) }
    }

    consuming func finish() -> SourceItems {
        SourceItems(
            records: RecordBatch(reader.finish(), from: RecordOrigins(BatchOrigin(place, entries), entries: owners)), failures: failures,
            positions: ReadPositions(positions))
    }
}
