/// One item a record, as it is.
struct SimpleAggregate: Framing {
    private var data: ArraySlice<UInt8> = []

    static func accountedHeader(of payload: ArraySlice<UInt8>) -> Int { 0 }

    func size(adding payload: ArraySlice<UInt8>, partitionKey: String?, explicitHashKey: String?) -> Int { data.count + payload.count }

    mutating func append(_ payload: ArraySlice<UInt8>, partitionKey: String?, explicitHashKey: String?) { data = payload }

    mutating func finish() -> [UInt8] {
        defer { self = Self() }
        return Array(data)
    }
}
