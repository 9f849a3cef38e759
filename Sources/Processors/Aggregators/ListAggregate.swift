import Records

/// One JSON array of the items.
struct ListAggregate: FramedAggregate {
    var data = RecordData(.list)

    /// async-kinesis counts one byte for a separator of two, and none for the brackets.
    static func accountedHeader(of payload: SharedBytes) -> Int { 1 }
}
