import OrderedCollections
import Records

/// The members of one JSON object of a reply, read by name and type.
struct Fields {
    private let map: ValueMap

    /// What an empty body says.
    static let none = Fields(map: [:])

    private init(map: ValueMap) {
        self.map = map
    }

    init(_ value: Value) throws(MalformedReply) {
        guard case .map(let map) = value else { throw MalformedReply("an object was expected, not \(value.typeName)") }
        self.map = map
    }

    func string(_ name: String) throws(MalformedReply) -> String {
        guard let value = try optionalString(name) else { throw MalformedReply("\(name) is missing") }
        return value
    }

    func optionalString(_ name: String) throws(MalformedReply) -> String? {
        switch map[name] {
        case .string(let text): text
        case nil, .null: nil
        case let other?: throw MalformedReply("\(name) is \(other.typeName), not a string")
        }
    }

    func optionalInteger(_ name: String) throws(MalformedReply) -> Int64? {
        switch map[name] {
        case .int(let number): number
        case .double(let number) where number == number.rounded() && number.magnitude < 0x1p53: Int64(number)
        case nil, .null: nil
        case let other?: throw MalformedReply("\(name) is \(other.typeName), not an integer")
        }
    }

    func boolean(_ name: String) throws(MalformedReply) -> Bool {
        switch map[name] {
        case .bool(let flag): flag
        case nil, .null: false
        case let other?: throw MalformedReply("\(name) is \(other.typeName), not a boolean")
        }
    }

    subscript(name: String) -> Value? { map[name] }

    /// Milliseconds since 1970 of a timestamp, which the protocol writes in seconds with a fraction.
    func optionalTimestamp(_ name: String) throws(MalformedReply) -> Int64? {
        switch map[name] {
        case .int(let seconds): seconds.multipliedReportingOverflow(by: 1000).partialValue
        case .double(let seconds) where seconds.magnitude < 1e12: Int64((seconds * 1000).rounded())
        case nil, .null: nil
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
        guard let bytes = Base64.decode(try string(name)) else { throw MalformedReply("\(name) is not base64") }
        return bytes
    }

    func object(_ name: String) throws(MalformedReply) -> Fields {
        guard let value = map[name] else { throw MalformedReply("\(name) is missing") }
        return try Fields(value)
    }

    /// The values of a list; none where it is missing.
    func list(_ name: String) throws(MalformedReply) -> [Value] {
        switch map[name] {
        case .list(let values): values
        case nil, .null: []
        case let other?: throw MalformedReply("\(name) is \(other.typeName), not a list")
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
