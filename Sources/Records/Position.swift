/// How far a shard (or a file) has been read: everything up to and with this position is done.
///
/// The order is that of the Kinesis Client Library's `ExtendedSequenceNumber`: the sentinels come before every sequence number
/// and `shardEnd` after all of them.
public enum Position: Sendable, Hashable {
    /// Nothing is done; start at the oldest record.
    case trimHorizon
    /// Nothing is done; start at the first record that arrived at or after this moment (milliseconds since 1970, UTC).
    case timestamp(Int64)
    /// Done up to this record. `subSequence` is the index inside a KPL aggregate; `nil` when the whole aggregate (or a plain record) is done.
    case sequence(SequenceNumber, subSequence: Int?)
    /// The shard is closed and everything in it is done.
    case shardEnd
}

extension Position: Comparable {
    /// By their values.
    public static func < (left: Position, right: Position) -> Bool {
        switch (left, right) {
        case (.sequence(let a, let i), .sequence(let b, let j)):
            a != b ? a < b : (i ?? .max) < (j ?? .max)
        case (.timestamp(let a), .timestamp(let b)): a < b
        default: left.rank < right.rank
        }
    }

    private var rank: Int {
        switch self {
        case .timestamp: 0
        case .trimHorizon: 1
        case .sequence: 2
        case .shardEnd: 3
        }
    }
}

extension Position: CustomStringConvertible {
    /// In the words of the Kinesis API, for logs.
    public var description: String {
        switch self {
        case .trimHorizon: "TRIM_HORIZON"
        case .timestamp(let milliseconds): "AT_TIMESTAMP \(milliseconds)"
        case .sequence(let sequence, subSequence: nil): sequence.digits
        case .sequence(let sequence, let sub?): "\(sequence.digits)/\(sub)"
        case .shardEnd: "SHARD_END"
        }
    }
}

/// A Kinesis sequence number (or a byte offset): a decimal of up to 129 digits, ordered by its numeric value.
public struct SequenceNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// What a machine's integer holds is kept as one, always: offsets are made for every line.
    private enum Storage: Hashable {
        case small(UInt64)
        /// More than `UInt64` holds, without leading zeros.
        case digits(String)
    }

    private let storage: Storage

    /// Decimal digits without leading zeros.
    public var digits: String {
        switch storage {
        case .small(let number): String(number)
        case .digits(let digits): digits
        }
    }

    /// Nil unless `digits` is `0|[1-9][0-9]{0,128}`, as the API model of Kinesis has it.
    public init?(_ digits: String) {
        let utf8 = digits.utf8
        guard let first = utf8.first, utf8.count <= 129, utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard first != 0x30 || utf8.count == 1 else { return nil }
        storage = UInt64(digits).map { .small($0) } ?? .digits(digits)
    }

    /// See the properties.
    public init(_ offset: UInt64) {
        storage = .small(offset)
    }

    /// By their values.
    public static func < (left: SequenceNumber, right: SequenceNumber) -> Bool {
        switch (left.storage, right.storage) {
        case (.small(let a), .small(let b)): a < b
        case (.small, .digits): true
        case (.digits, .small): false
        case (.digits(let a), .digits(let b)):
            a.utf8.count != b.utf8.count ? a.utf8.count < b.utf8.count : a.utf8.lexicographicallyPrecedes(b.utf8)
        }
    }

    /// For people.
    public var description: String { digits }
}
