import Coordination
import OrderedCollections
import Records

/// The members of a checked input, by name and type.
struct Input: Sendable {
    let members: ValueMap
    /// What happens to the request.
    var faults = RequestFaults()

    /// `members` have passed the check against `declared`.
    init(checking members: ValueMap, against declared: [Member]) throws(ServiceError) {
        try ConstraintCheck.run(members, against: declared)
        self.members = members
    }

    /// The members of a structure inside a checked input.
    init(checked members: ValueMap) {
        self.members = members
    }

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
        switch members[name] {
        case .int(let seconds)?: seconds.multipliedReportingOverflow(by: 1_000).overflow ? .max : seconds * 1_000
        case .double(let seconds)?: Int64(exactly: (seconds * 1_000).rounded()) ?? (seconds < 0 ? 0 : .max)
        default: nil
        }
    }

    func list(_ name: String) -> [Value] {
        if case .list(let elements)? = members[name] { elements } else { [] }
    }

    /// The elements of a list of structures.
    func structures(_ name: String) -> [Input] {
        list(name).compactMap { element in
            if case .map(let map) = element { Input(checked: map) } else { nil }
        }
    }

    func structure(_ name: String) -> Input? {
        if case .map(let map)? = members[name] { Input(checked: map) } else { nil }
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
        guard let bytes = Base64.decode(required(name)) else { throw .serialization("\(name) is not valid base64") }
        return bytes
    }
}
