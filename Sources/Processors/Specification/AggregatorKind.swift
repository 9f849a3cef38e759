/// How items are framed in the data of one Kinesis record.
public enum AggregatorKind: String, Sendable, Hashable, CaseIterable {
    /// One item a record, as it is.
    case simple
    /// Each item and a line feed.
    case newline
    /// One JSON array of the items.
    case list
    /// Each item as `LENGTH:ITEM,`.
    case netstring
    /// The Kinesis Producer Library's aggregated record: each item with its own partition key.
    case kpl
}

extension AggregatorKind {
    var framing: any Framing.Type {
        switch self {
        case .simple: SimpleAggregate.self
        case .newline: NewlineAggregate.self
        case .list: ListAggregate.self
        case .netstring: NetstringAggregate.self
        case .kpl: KPLAggregate.self
        }
    }
}
