import Processors
import Records

extension Aggregation {
    mutating func add(
        _ payload: [UInt8], item: Items.Item, partitionKey: String?, explicitHashKey: String? = nil
    ) throws(ProcessorError) -> [AggregatedRecord<Items>] {
        try add(SharedBytes(payload), item: item, partitionKey: partitionKey, explicitHashKey: explicitHashKey)
    }
}

extension KeyedAggregation {
    mutating func add(
        _ payload: [UInt8], item: Items.Item, partitionKey: String?, explicitHashKey: String? = nil, group: String? = nil
    ) throws(ProcessorError) -> [AggregatedRecord<Items>] {
        try add(SharedBytes(payload), item: item, partitionKey: partitionKey, explicitHashKey: explicitHashKey, group: group)
    }
}
