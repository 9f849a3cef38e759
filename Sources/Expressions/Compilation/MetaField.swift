import OrderedCollections
import Records

/// The fields of `meta`: where a record comes from.
enum MetaField: String, Sendable, CaseIterable {
    case source
    case stream
    case shard
    case sequence
    case subSequence = "sub_sequence"
    case partitionKey = "partition_key"
    case arrivedAt = "arrived_at"
    case file
    case offset

    var type: StaticType {
        switch self {
        case .source, .stream, .shard, .sequence, .partitionKey, .file: .string
        case .subSequence, .offset: .int
        case .arrivedAt: .timestamp
        }
    }

    /// Nil where the record's source has no such thing: a file has no shard.
    func value(of record: Record) -> CELValue? {
        let origin = record.origin
        return switch self {
        case .source: .string(origin.place.source)
        case .stream: origin.place.stream.map { .string($0) }
        case .shard: origin.place.shard.map { .string($0) }
        case .sequence: origin.sequence.map { .string($0) }
        case .subSequence: .int(Int64(origin.subSequence))
        case .partitionKey: origin.partitionKey.map { .string($0) }
        case .arrivedAt: origin.arrivedAt.flatMap { Timestamp(milliseconds: $0) }.map { .timestamp($0) }
        case .file: origin.place.file.map { .string($0) }
        case .offset: origin.offset.map { .int($0) }
        }
    }

    /// All of them as a map, for expressions that want `meta` as a whole.
    static func map(of record: Record) -> CELValue {
        var map: [(CELKey, CELValue)] = []
        for field in allCases {
            if let value = field.value(of: record) { map.append((.string(field.rawValue), value)) }
        }
        return .map(.computed(.init(uniqueKeysWithValues: map)))
    }
}
