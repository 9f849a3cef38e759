import Pipeline
import Records

extension KinesisSink.Config: RehearsedConfig {
    func rehearse(_ record: Record) throws(Failure) {
        let encoder = RecordEncoder(
            processor: processor, partitionKey: partitionKey?.program, explicitHashKey: explicitHashKey?.program)
        var buffer: [UInt8] = []
        _ = try encoder.encode(record, at: 0, into: &buffer)
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
