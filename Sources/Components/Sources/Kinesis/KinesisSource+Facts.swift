import Kinesis
import Pipeline
import Records

extension KinesisSource.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts {
        var facts = ComponentFacts("stream \(scope.text("stream", StreamIdentifier(stream)?.name ?? stream))")
        facts.ceilings =
            mode == .fanOut
            ? ["2 MiB a second and shard, for this consumer alone"]
            : [
                "5 GetRecords a second and shard while it catches up, \(shardFetchRate.configText ?? "1") at the tip; "
                    + "all readers of a shard share 5",
                "2 MiB a second and shard, which all readers share",
            ]
        // The pages that readers have in hand (ReadAhead).
        facts.memory = .mebibytes(8)
        if iteratorType == .latest {
            facts.caveats = ["What arrived before the first start is not read (`LATEST`)."]
        }
        var use = StreamUse(stream, region: region, endpoint: endpoint, actions: actions)
        if mode == .fanOut { use.consumerActions = ["DescribeStreamConsumer", "SubscribeToShard"] }
        facts.stream = use
        return facts
    }

    /// What is called on the stream itself.
    private var actions: [String] {
        ["DescribeStreamSummary", "ListShards"] + (mode == .fanOut ? ["RegisterStreamConsumer"] : [])
            + (mode == .polling || onFanOutFailure == .poll ? ["GetShardIterator", "GetRecords"] : [])
    }
}
