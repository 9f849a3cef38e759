import Kinesis
import Pipeline
import Records

extension KinesisSource.Config: ExplainedConfig {
    func facts(_ scope: FactScope) -> ComponentFacts {
        var facts = ComponentFacts("stream \(scope.text("stream", StreamIdentifier(stream)?.name ?? stream))")
        facts.ceilings = [
            "5 GetRecords a second and shard while it catches up, \(shardFetchRate.configText ?? "1") at the tip; all readers of a shard share 5",
            "2 MiB a second and shard, which all readers share",
        ]
        // The pages that readers have in hand (PageLimit) and what they were decoded from.
        facts.memory = .mebibytes(4)
        if iteratorType == .latest {
            facts.caveats = ["What arrived before the first start is not read (`LATEST`)."]
        }
        facts.stream = StreamUse(
            stream, region: region, endpoint: endpoint, actions: ["ListShards", "GetShardIterator", "GetRecords"])
        return facts
    }
}
