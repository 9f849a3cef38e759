import Pipeline
import Records

extension KinesisSink.Config: RehearsedConfig {
    func rehearse(_ record: Record) throws(Failure) {
        let encoder = RecordEncoder(
            processor: processor, partitionKey: partitionKey?.program, explicitHashKey: explicitHashKey?.program)
        _ = try encoder.key(of: record)
        var payloads = ByteSlices()
        try encoder.encode(record.content, into: &payloads)
    }
}

extension FileSink.Config: RehearsedConfig {
    func rehearse(_ record: Record) throws(Failure) {
        var bytes: [UInt8] = []
        try ByteStreamFraming(processor).append(record.content, to: &bytes)
    }
}

extension StdoutSink.Config: RehearsedConfig {
    func rehearse(_ record: Record) throws(Failure) {
        var bytes: [UInt8] = []
        try ByteStreamFraming(processor).append(record.content, to: &bytes)
    }
}
