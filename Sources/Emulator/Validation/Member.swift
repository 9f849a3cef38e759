/// A member of an operation's input, with the constraints of the API's model.
struct Member: Sendable {
    let name: String
    let shape: Shape
    let isRequired: Bool

    init(_ name: String, _ shape: Shape, required: Bool = false) {
        self.name = name
        self.shape = shape
        isRequired = required
    }

    /// As constraint violations name it: `StreamName` is `streamName`.
    var path: String { name.prefix(1).lowercased() + name.dropFirst() }
}

/// What a member may hold.
indirect enum Shape: Sendable {
    /// Lengths count characters.
    case string(length: ClosedRange<Int>, pattern: Pattern? = nil)
    case choice([String])
    case integer(ClosedRange<Int64>)
    case boolean
    /// Seconds since 1970 in JSON, milliseconds in CBOR.
    case timestamp
    /// Base64 in JSON, bytes in CBOR; lengths count bytes.
    case blob(length: ClosedRange<Int>)
    case list(of: Shape, count: ClosedRange<Int>)
    /// `keyLength` counts the characters of a key.
    case map(of: Shape, keyLength: ClosedRange<Int>, count: ClosedRange<Int>)
    case structure([Member])

    /// AWS's limit for numbers without one.
    static let anyLength = 0...Int(Int32.max)

    /// An integer of the model without limits of its own.
    static let count = Shape.integer(Int64(Int32.min)...Int64(Int32.max))
    static let name = Shape.string(length: 1...128, pattern: .name)
    static let hashKey = Shape.string(length: anyLength, pattern: .hashKey)
    static let sequenceNumber = Shape.string(length: anyLength, pattern: .sequenceNumber)
    static let token = Shape.string(length: 1...1_048_576)
}

extension Member {
    static let streamName = Member("StreamName", .name)
    static let streamARN = Member("StreamARN", .string(length: 1...2_048, pattern: .streamARN))
    static let consumerARN = Member("ConsumerARN", .string(length: 1...2_048, pattern: .consumerARN))
    static let streamID = Member("StreamId", .string(length: 1...24, pattern: .streamID))
    static let resourceARN = Member("ResourceARN", .string(length: 1...2_048, pattern: .resourceARN), required: true)
    static let warmThroughput = Member("WarmThroughputMiBps", .integer(0...Int64(Int32.max)))
    static let recordKibibytes = Member("MaxRecordSizeInKiB", .integer(1_024...10_240))
    static let streamMode = Member(
        "StreamModeDetails", .structure([Member("StreamMode", .choice(StreamMode.allCases.map(\.rawValue)), required: true)]))

    /// The same member, in an operation that demands it.
    var required: Member { Member(name, shape, required: true) }
}

extension Shape {
    static let tags = Shape.map(of: .string(length: 0...256), keyLength: 1...128, count: 1...200)
    static let tagKeys = Shape.list(of: .string(length: 1...128), count: 1...50)
}
