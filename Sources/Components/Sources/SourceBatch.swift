import Processors
import Records

/// The records of one delivery while they are read: pure.
struct SourceBatch: ~Copyable {
    private let place: ReadPlace
    private var reader: ContentReader
    private var entries: [ReadEntry] = []
    /// For each entry, how many items there are up to its end.
    private var ends: [Int] = []
    private var failures: [(index: Int, failure: Failure)] = []
    private var positions: [(end: Int, position: Position)] = []

    /// - Parameters:
    ///   - capacity: how many entries are expected.
    ///   - bytes: what they are expected to come to.
    init(_ processor: ProcessorSpec, from place: ReadPlace, capacity: Int = 0, bytes: Int = 0) {
        self.place = place
        reader = ContentReader(processor, bytes: bytes)
        entries.reserveCapacity(capacity)
        ends.reserveCapacity(capacity)
        positions.reserveCapacity(capacity)
    }

    /// The items until now.
    var count: Int { ends.last ?? 0 }

    /// Decodes what `entry.raw` holds; the position counts with the last item, for the others are done together with it.
    mutating func read(_ entry: ReadEntry, position: Position) {
        do throws(ProcessorError) {
            add(entry, items: try reader.read(entry.raw), position)
        } catch {
            add(entry, error.failure, position: position)
        }
    }

    /// An entry that cannot be decoded.
    mutating func add(_ entry: ReadEntry, _ failure: Failure, position: Position) {
        failures.append((count, failure))
        add(entry, items: 1, position)
    }

    private mutating func add(_ entry: ReadEntry, items: Int, _ position: Position) {
        entries.append(entry)
        let end = count + items
        ends.append(end)
        if items > 0 { positions.append((end, position)) }
    }

    consuming func finish() -> SourceItems {
        let contents = reader.finish()
        let origin = BatchOrigin(place, entries)
        var records: [Record] = []
        records.reserveCapacity(ends.last ?? 0)
        var (nextContent, nextFailure) = (0, 0)
        for (index, end) in ends.enumerated() {
            let origin = Origin(origin, at: index)
            while records.count < end {
                if nextFailure < failures.count, failures[nextFailure].index == records.count {
                    records.append(Record(.null, origin: origin))
                    nextFailure += 1
                } else {
                    records.append(Record(contents[nextContent], origin: origin))
                    nextContent += 1
                }
            }
        }
        return SourceItems(records: records, failures: failures, positions: positions)
    }
}
