import Records

/// One item a record, as it is.
struct SimpleAggregate: FramedAggregate {
    var data = RecordData(.none)

    static func accountedHeader(of payload: SharedBytes) -> Int { 0 }
}
