/// One JSON array of the items, separated as Python's `json.dumps` does.
struct ListAggregate: Framing {
    private var data: [UInt8] = [UInt8(ascii: "[")]

    /// async-kinesis counts one byte for a separator of two, and none for the brackets.
    static func accountedHeader(of payload: ArraySlice<UInt8>) -> Int { 1 }

    func size(adding payload: ArraySlice<UInt8>, partitionKey: String?, explicitHashKey: String?) -> Int {
        data.count + (data.count > 1 ? 2 : 0) + payload.count + 1
    }

    mutating func append(_ payload: ArraySlice<UInt8>, partitionKey: String?, explicitHashKey: String?) {
        if data.count > 1 { data.append(contentsOf: [UInt8(ascii: ","), UInt8(ascii: " ")]) }
        data.append(contentsOf: payload)
    }

    mutating func finish() -> [UInt8] {
        defer { self = Self() }
        data.append(UInt8(ascii: "]"))
        return data
    }
}
