import Kinesis
import Pipeline
import Processors
import Records

extension KinesisSink.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts {
        var facts = ComponentFacts("stream \(scope.text("stream", StreamIdentifier(stream)?.name ?? stream))")
        facts.ceilings = [
            "\(putRateLimitPerShard.configText ?? "") records and \(putBandwidthLimitPerShard.size) a second into each shard",
            "\(maxInFlight) requests at once, \(batchSize) records each",
        ]
        if ordering == .perKey, processor.aggregator == .simple {
            facts.ceilings.append("one record of a key per request: a single hot key goes no faster than requests do")
        }
        facts.memory = .mebibytes(8)
        if ordering == .none { facts.reordering = ["Records of one partition key may change places (`ordering: none`)."] }
        var use = StreamUse(stream, region: region, endpoint: endpoint, actions: ["DescribeStreamSummary", "ListShards", "PutRecords"])
        if createStream {
            use.actions.append("CreateStream")
            use.isCreated = true
        }
        facts.stream = use
        return facts
    }
}
