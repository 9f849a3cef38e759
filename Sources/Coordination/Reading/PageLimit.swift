/// How many records to ask for, so that pages stay small in bytes whatever the records are: pure.
struct PageLimit: Sendable {
    /// Of all pages that are asked for at once, over all shards of a consumer.
    private static let bytesAtOnce = 4 << 20
    /// A page of a shard is never asked to be smaller: it would cost a call for too little.
    private static let smallestPage = 512 << 10
    /// Until the first reply tells how large records are, they are taken to be this large.
    private static let firstGuess = 16 << 10

    /// About the size of a record.
    private(set) var recordBytes = firstGuess

    mutating func received(bytes: Int, records: Int) {
        guard records > 0 else { return }
        // Follows growth at once, and shrinks slowly: one small page says little.
        recordBytes = max(bytes / records, recordBytes - recordBytes / 4, 1)
    }

    /// At most `most`, over `shards` that are read at once.
    func records(atMost most: Int, shards: Int) -> Int {
        let page = max(Self.bytesAtOnce / max(shards, 1), Self.smallestPage)
        return max(1, min(most, page / recordBytes))
    }
}
