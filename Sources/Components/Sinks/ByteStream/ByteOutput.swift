import Records

/// Where the bytes of a sink go: called from one thread at a time.
protocol ByteOutput: Sendable {
    func write(_ data: [UInt8], to path: String) throws(Failure)
    /// Returns once everything that was written would survive a power cut, where that can be had.
    func synchronize() throws(Failure)
}
