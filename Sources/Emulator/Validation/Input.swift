import Coordination
import OrderedCollections
import Records
import Wire

/// The members of a checked input, by name and type.
struct Input: Sendable {
    let members: ValueMap
    /// How the request was written, and its reply will be.
    let format: WireFormat
    /// What happens to the request.
    var faults = RequestFaults()

    /// Throws what `ConstraintCheck` throws.
    init(checking members: ValueMap, against declared: [Member], format: WireFormat = .json) throws(ServiceError) {
        try ConstraintCheck.run(members, against: declared)
        self.init(checked: members, format: format)
    }

    /// The members of a structure inside a checked input.
    init(checked members: ValueMap, format: WireFormat) {
        self.members = members
        self.format = format
    }

    /// A writer of this request's reply.
    func reply(capacity: Int = 256) -> ReplyWriter { ReplyWriter(format, capacity: capacity) }

    func has(_ name: String) -> Bool {
        switch members[name] {
        case nil, .null?: false
        default: true
        }
    }

    func string(_ name: String) -> String? {
        if case .string(let text)? = members[name] { text } else { nil }
    }

    func integer(_ name: String) -> Int? {
        if case .int(let number)? = members[name] { Int(number) } else { nil }
    }

    /// Milliseconds since 1970.
    func timestamp(_ name: String) -> Int64? {
        switch (members[name], format) {
        case (.int(let milliseconds)?, .cbor): milliseconds
        case (.double(let milliseconds)?, .cbor): Int64(exactly: milliseconds.rounded()) ?? (milliseconds < 0 ? 0 : .max)
        case (.int(let seconds)?, .json): seconds.multipliedReportingOverflow(by: 1_000).overflow ? .max : seconds * 1_000
        case (.double(let seconds)?, .json): Int64(exactly: (seconds * 1_000).rounded()) ?? (seconds < 0 ? 0 : .max)
        default: nil
        }
    }

    func boolean(_ name: String) -> Bool? {
        if case .bool(let value)? = members[name] { value } else { nil }
    }

    /// The texts of a list of them.
    func strings(_ name: String) -> [String] {
        list(name).compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// The entries of a map to texts.
    func stringMap(_ name: String) -> [String: String] {
        guard case .map(let map)? = members[name] else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: map.compactMap { key, value in if case .string(let text) = value { (key, text) } else { nil } })
    }

    func list(_ name: String) -> [Value] {
        if case .list(let elements)? = members[name] { elements } else { [] }
    }

    /// The elements of a list of structures.
    func structures(_ name: String) -> [Input] {
        list(name).compactMap { element in
            if case .map(let map) = element { Input(checked: map, format: format) } else { nil }
        }
    }

    func structure(_ name: String) -> Input? {
        if case .map(let map)? = members[name] { Input(checked: map, format: format) } else { nil }
    }

    /// A required member, which the check has found.
    func required(_ name: String) -> String {
        guard let text = string(name) else { preconditionFailure("\(name) is declared as a required string") }
        return text
    }

    func sequenceNumber(_ name: String) -> SequenceNumber? {
        string(name).flatMap { SequenceNumber($0) }
    }

    /// A hash key; 39 digits may still be beyond 128 bits.
    func hashKey(_ name: String) throws(ServiceError) -> HashKey? {
        guard let text = string(name) else { return nil }
        guard let key = HashKey(text) else {
            throw .invalidArgument("Invalid \(name). \(name) must be in the range: [0, 2^128-1]. Specified value was \(text)")
        }
        return key
    }

    func blob(_ name: String) throws(ServiceError) -> [UInt8] {
        if case .bytes(let bytes)? = members[name] { return bytes }
        guard let bytes = Base64.decode(required(name)) else { throw .serialization("\(name) is not valid base64") }
        return bytes
    }
}
