import OrderedCollections
import Records
import Wire

/// A value of a reply: as it lies in JSON that was parsed, or decoded from JSON or CBOR.
enum ReplyValue {
    case node(JSONNode)
    case value(Value)
    case cbor(Value)

    var typeName: String {
        switch self {
        case .node(let node): node.typeName
        case .value(let value), .cbor(let value): value.typeName
        }
    }

    var string: String? {
        switch self {
        case .node(let node): node.kind == .string ? String(decoding: node.string, as: UTF8.self) : nil
        case .value(.string(let text)), .cbor(.string(let text)): text
        case .value, .cbor: nil
        }
    }

    fileprivate var isNull: Bool {
        switch self {
        case .node(let node): node.kind == .null
        case .value(let value), .cbor(let value): value == .null
        }
    }

    /// For everything but maps, lists and large texts.
    fileprivate var scalar: Value {
        switch self {
        case .node(let node): node.value
        case .value(let value), .cbor(let value): value
        }
    }
}

/// The members of one object of a reply, read by name and type. One over a node lives no longer than the node.
struct Fields {
    private let object: ReplyValue

    /// What an empty body says.
    static var none: Fields { Fields(map: [:]) }

    private init(map: ValueMap) {
        object = .value(.map(map))
    }

    init(_ value: Value) throws(MalformedReply) {
        try self.init(.value(value))
    }

    init(_ value: ReplyValue) throws(MalformedReply) {
        guard value.typeName == "map" else { throw MalformedReply("an object was expected, not \(value.typeName)") }
        object = value
    }

    private func member(_ name: String) -> ReplyValue? {
        switch object {
        case .node(let node): node[name].map { .node($0) }
        case .value(.map(let map)): map[name].map { .value($0) }
        case .cbor(.map(let map)): map[name].map { .cbor($0) }
        case .value, .cbor: nil
        }
    }

    /// Nil where the member is missing or null.
    private func present(_ name: String) -> ReplyValue? {
        member(name).flatMap { $0.isNull ? nil : $0 }
    }

    func string(_ name: String) throws(MalformedReply) -> String {
        guard let value = try optionalString(name) else { throw MalformedReply("\(name) is missing") }
        return value
    }

    func optionalString(_ name: String) throws(MalformedReply) -> String? {
        guard let value = present(name) else { return nil }
        guard let text = value.string else { throw MalformedReply("\(name) is \(value.typeName), not a string") }
        return text
    }

    func optionalInteger(_ name: String) throws(MalformedReply) -> Int64? {
        switch present(name)?.scalar {
        case .int(let number): number
        case .double(let number) where number == number.rounded() && number.magnitude < 0x1p53: Int64(number)
        case nil: nil
        case let other?: throw MalformedReply("\(name) is \(other.typeName), not an integer")
        }
    }

    func boolean(_ name: String) throws(MalformedReply) -> Bool {
        switch present(name)?.scalar {
        case .bool(let flag): flag
        case nil: false
        case let other?: throw MalformedReply("\(name) is \(other.typeName), not a boolean")
        }
    }

    subscript(name: String) -> Value? { member(name)?.scalar }

    /// Milliseconds since 1970 of a timestamp, which JSON has in seconds with a fraction.
    func optionalTimestamp(_ name: String) throws(MalformedReply) -> Int64? {
        let value = present(name)
        if case .cbor(.int(let milliseconds))? = value { return milliseconds }
        if case .cbor(.double(let milliseconds))? = value, milliseconds.magnitude < 1e15 { return Int64(milliseconds) }
        switch value?.scalar {
        case .int(let seconds): return seconds.multipliedReportingOverflow(by: 1000).partialValue
        case .double(let seconds) where seconds.magnitude < 1e12: return Int64((seconds * 1000).rounded())
        case nil: return nil
        case let other?: throw MalformedReply("\(name) is \(other.typeName), not a time")
        }
    }

    func sequence(_ name: String) throws(MalformedReply) -> SequenceNumber {
        let text = try string(name)
        guard let number = SequenceNumber(text) else { throw MalformedReply("\(name) is not a sequence number") }
        return number
    }

    func optionalSequence(_ name: String) throws(MalformedReply) -> SequenceNumber? {
        guard let text = try optionalString(name) else { return nil }
        guard let number = SequenceNumber(text) else { throw MalformedReply("\(name) is not a sequence number") }
        return number
    }

    func blob(_ name: String) throws(MalformedReply) -> [UInt8] {
        guard let value = present(name) else { throw MalformedReply("\(name) is missing") }
        if case .cbor(.bytes(let bytes)) = value { return bytes }
        // Straight from the reply: blobs are nearly all of it.
        let bytes: [UInt8]?
        if case .node(let node) = value, node.kind == .string {
            bytes = Base64.decode(node.string)
        } else {
            bytes = value.string.flatMap { Base64.decode($0) }
        }
        guard let bytes else { throw MalformedReply("\(name) is not base64") }
        return bytes
    }

    func object(_ name: String) throws(MalformedReply) -> Fields {
        guard let value = member(name) else { throw MalformedReply("\(name) is missing") }
        return try Fields(value)
    }

    /// The values of a list; none where it is missing.
    func list(_ name: String) throws(MalformedReply) -> [ReplyValue] {
        guard let value = present(name) else { return [] }
        switch value {
        case .node(let node) where node.kind == .list: return node.items.map { .node($0) }
        case .value(.list(let values)): return values.map { .value($0) }
        case .cbor(.list(let values)): return values.map { .cbor($0) }
        default: throw MalformedReply("\(name) is \(value.typeName), not a list")
        }
    }
}

/// A reply that is not what the API model promises; it names the place and never quotes a value.
struct MalformedReply: Error, Hashable {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
