/// Reads the message of an aggregate: `AggregatedRecord {1 partition keys, 2 explicit hash keys, 3 records}`. Nil is malformed.
struct KPLReader {
    private struct Entry {
        var partitionKey: UInt64
        var explicitHashKey: UInt64?
        var data: ArraySlice<UInt8>
    }

    private var partitionKeys: [String] = []
    private var explicitHashKeys: [String] = []
    private var entries: [Entry] = []

    mutating func read(_ message: ArraySlice<UInt8>) -> [KPL.UserRecord]? {
        var reader = ProtobufReader(message)
        while !reader.isAtEnd {
            guard let (number, field) = reader.readField(), take(field, number) else { return nil }
        }
        var records: [KPL.UserRecord] = []
        records.reserveCapacity(entries.count)
        for entry in entries {
            guard let record = resolve(entry) else { return nil }
            records.append(record)
        }
        return records
    }

    private mutating func take(_ field: ProtobufReader.Field, _ number: UInt64) -> Bool {
        switch (number, field) {
        case (1, .bytes(let bytes)): return Self.append(bytes, to: &partitionKeys)
        case (2, .bytes(let bytes)): return Self.append(bytes, to: &explicitHashKeys)
        case (3, .bytes(let bytes)):
            guard entries.count < KPL.maximumRecords, let entry = Self.entry(bytes) else { return false }
            entries.append(entry)
            return true
        case (1...3, _): return false
        default: return true
        }
    }

    private static func append(_ bytes: ArraySlice<UInt8>, to table: inout [String]) -> Bool {
        guard let key = try? String(copying: UTF8Span(validating: bytes.span)) else { return false }
        table.append(key)
        return true
    }

    /// `Record {1 partition key index, 2 explicit hash key index (optional), 3 data, 4 tags}`.
    private static func entry(_ bytes: ArraySlice<UInt8>) -> Entry? {
        var reader = ProtobufReader(bytes)
        var partitionKey: UInt64?
        var explicitHashKey: UInt64?
        var data: ArraySlice<UInt8>?
        while !reader.isAtEnd {
            guard let (number, field) = reader.readField() else { return nil }
            switch (number, field) {
            case (1, .varint(let index)): partitionKey = index
            case (2, .varint(let index)): explicitHashKey = index
            case (3, .bytes(let bytes)): data = bytes
            case (1...3, _): return nil
            default: continue
            }
        }
        guard let partitionKey, let data else { return nil }
        return Entry(partitionKey: partitionKey, explicitHashKey: explicitHashKey, data: data)
    }

    private func resolve(_ entry: Entry) -> KPL.UserRecord? {
        guard entry.partitionKey < UInt64(partitionKeys.count) else { return nil }
        var record = KPL.UserRecord(data: [UInt8](entry.data), partitionKey: partitionKeys[Int(entry.partitionKey)])
        // An absent index means no hash key, whatever the table holds.
        if let index = entry.explicitHashKey {
            guard index < UInt64(explicitHashKeys.count) else { return nil }
            record.explicitHashKey = explicitHashKeys[Int(index)]
        }
        return record
    }
}
