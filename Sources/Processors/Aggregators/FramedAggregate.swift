import Records

/// An aggregate that is its items with something around each.
protocol FramedAggregate: Framing {
    var data: RecordData { get set }
}

extension FramedAggregate {
    func size(adding payload: SharedBytes, partitionKey: String?, explicitHashKey: String?) -> Int {
        data.count + data.size(ofItem: payload.count)
    }

    mutating func append(_ payload: SharedBytes, partitionKey: String?, explicitHashKey: String?) {
        data.append(payload)
    }

    mutating func finish() -> RecordData {
        defer { self = Self() }
        return data
    }
}
