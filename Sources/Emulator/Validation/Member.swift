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
    /// Seconds since 1970.
    case timestamp
    /// Base64; lengths count bytes.
    case blob(length: ClosedRange<Int>)
    case list(of: Shape, count: ClosedRange<Int>)
    case map(of: Shape, count: ClosedRange<Int>)
    case structure([Member])

    /// AWS's limit for numbers without one.
    static let anyLength = 0...Int(Int32.max)

    static let name = Shape.string(length: 1...128, pattern: .name)
    static let hashKey = Shape.string(length: anyLength, pattern: .hashKey)
    static let sequenceNumber = Shape.string(length: anyLength, pattern: .sequenceNumber)
    static let token = Shape.string(length: 1...1_048_576)
}

extension [Member] {
    /// The members by which most operations name a stream.
    static let stream = [
        Member("StreamName", .name),
        Member("StreamARN", .string(length: 1...2_048, pattern: .streamARN)),
        Member("StreamId", .string(length: 1...24, pattern: .streamID)),
    ]
}
