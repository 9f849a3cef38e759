import Records

/// What one evaluation works on.
struct Frame {
    /// The record behind `record` and `meta`: a pointer, because a copy would count six references up and down for every evaluation.
    /// A frame lives no longer than the call that borrows the record.
    let record: UnsafePointer<Record>?
    /// Variables of the environment, by slot.
    let variables: [CELValue?]
    /// Variables of comprehensions, by slot.
    var locals: [CELValue]
    var budget = Budget()
}

/// Bounds the time and memory of one evaluation.
struct Budget {
    private var left: Int

    init(steps: Int = Limits.evaluationSteps) {
        left = steps
    }

    /// What may still be charged.
    var rest: Int { max(0, left) }

    mutating func charge(_ steps: Int) throws(Fault) {
        left -= steps
        guard left >= 0 else { throw .tooExpensive }
    }

    /// Takes note of what was done already; the next charge fails where it was too much.
    @inline(__always)
    mutating func spend(_ steps: Int) {
        left -= steps
    }

    /// Text is cheaper than elements: a step pays for 16 bytes.
    mutating func charge(bytes: Int) throws(Fault) {
        try charge(bytes / 16)
    }

    /// For looking at all of a text once; elements are charged by those who visit them.
    @inline(__always)
    mutating func charge(reading value: CELValue) throws(Fault) {
        switch value {
        case .string(let text): try charge(bytes: text.utf8.count)
        case .bytes(let bytes): try charge(bytes: bytes.count)
        default: break
        }
    }

    /// For comparing two values. Only what both have is compared.
    @inline(__always)
    mutating func charge(comparing left: CELValue, _ right: CELValue) throws(Fault) {
        switch (left, right) {
        case (.list, .list), (.map, .map), (.optional, .optional): try charge(min(left.weight(upTo: rest), right.weight(upTo: rest)))
        case (.string(let a), .string(let b)): try charge(bytes: min(a.utf8.count, b.utf8.count))
        case (.bytes(let a), .bytes(let b)): try charge(bytes: min(a.count, b.count))
        default: break
        }
    }
}
