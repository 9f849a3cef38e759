/// Changes of a stream's settings. Each demands an active stream, and makes it UPDATING where AWS does.
extension Streams {
    private static let hour: Int64 = 3_600_000

    mutating func increaseRetention(of name: String, toHours hours: Int, at now: Int64) throws(ServiceError) -> [StoreChange] {
        let stream = try retentionChange(of: name, hours, at: now)
        guard hours >= stream.retentionHours else {
            throw .invalidArgument(
                "Requested retention period (\(hours) hours) for stream \(name) can not be shorter than existing retention period "
                    + "(\(stream.retentionHours) hours). Use DecreaseRetentionPeriod API.")
        }
        return update(name, at: now) { $0.retentionMilliseconds = Int64(hours) * Self.hour }
    }

    mutating func decreaseRetention(of name: String, toHours hours: Int, at now: Int64) throws(ServiceError) -> [StoreChange] {
        let stream = try retentionChange(of: name, hours, at: now)
        guard hours <= stream.retentionHours else {
            throw .invalidArgument(
                "Requested retention period (\(hours) hours) for stream \(name) can not be longer than existing retention period "
                    + "(\(stream.retentionHours) hours). Use IncreaseRetentionPeriod API.")
        }
        return update(name, at: now) { $0.retentionMilliseconds = Int64(hours) * Self.hour }
    }

    mutating func setMode(_ mode: StreamMode, warmThroughput: Int?, of name: String, at now: Int64) throws(ServiceError) -> [StoreChange] {
        try checkActive(name, at: now)
        guard warmThroughput == nil || mode == .onDemand else {
            throw .validation("WarmThroughputMiBps is only supported for streams in ON_DEMAND mode.")
        }
        return update(name, at: now) { stream in
            stream.mode = mode
            stream.settings.warmThroughput = mode == .onDemand ? warmThroughput ?? stream.settings.warmThroughput : nil
        }
    }

    mutating func setWarmThroughput(_ throughput: Int, of name: String, at now: Int64) throws(ServiceError) -> [StoreChange] {
        guard try activeStream(name, at: now).mode == .onDemand else {
            throw .validation("UpdateStreamWarmThroughput is only supported for streams in ON_DEMAND mode.")
        }
        guard throughput <= Limits.warmThroughput else {
            throw .invalidArgument("WarmThroughputMiBps must not exceed \(Limits.warmThroughput). Requested: \(throughput).")
        }
        return update(name, at: now) { $0.settings.warmThroughput = throughput }
    }

    mutating func setRecordSize(kibibytes: Int, of name: String, at now: Int64) throws(ServiceError) -> [StoreChange] {
        try checkActive(name, at: now)
        return update(name, at: now) { $0.recordKibibytes = kibibytes }
    }

    /// Nil ends encryption.
    mutating func setEncryption(key: String?, of name: String, at now: Int64) throws(ServiceError) -> [StoreChange] {
        try checkActive(name, at: now)
        return update(name, at: now) { $0.settings.encryptionKey = key }
    }

    /// Answers the metrics before and after.
    mutating func setMetrics(
        of name: String, at now: Int64, _ desired: (Set<ShardMetric>) -> Set<ShardMetric>
    ) throws(ServiceError) -> (current: Set<ShardMetric>, desired: Set<ShardMetric>, changes: [StoreChange]) {
        let current = try activeStream(name, at: now).settings.metrics
        let desired = desired(current)
        return (current, desired, update(name, at: now) { $0.settings.metrics = desired })
    }

    /// Throws unless the stream can be changed: ResourceInUseException while it is not active.
    func checkActive(_ name: String, at now: Int64) throws(ServiceError) {
        _ = try activeStream(name, at: now)
    }

    private func retentionChange(of name: String, _ hours: Int, at now: Int64) throws(ServiceError) -> StreamState {
        let stream = try stream(name, at: now)
        guard hours >= Limits.retentionHours.lowerBound else {
            throw .invalidArgument(
                "Minimum allowed retention period is \(Limits.retentionHours.lowerBound) hours. Requested retention period (\(hours) hours) is too short."
            )
        }
        guard hours <= Limits.retentionHours.upperBound else {
            throw .invalidArgument(
                "Maximum allowed retention period is \(Limits.retentionHours.upperBound) hours. Requested retention period (\(hours) hours) is too long."
            )
        }
        try checkActive(name, at: now)
        return stream
    }

    private mutating func update(_ name: String, at now: Int64, _ body: (inout StreamState) -> Void) -> [StoreChange] {
        let settlesAt = now + stateChangeMilliseconds
        return change(name) { stream in
            body(&stream)
            stream.change = .updating
            stream.settlesAt = settlesAt
        }
    }
}
