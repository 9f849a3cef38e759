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
    /// Steps of comprehensions and elements built. At tens of nanoseconds a step this is well below a second.
    static let steps = 1_000_000

    private var left = Self.steps

    mutating func charge(_ steps: Int) throws(Fault) {
        left -= steps
        guard left >= 0 else { throw .tooExpensive }
    }

    /// Text is cheaper than elements: a step pays for 16 bytes.
    mutating func charge(bytes: Int) throws(Fault) {
        try charge(bytes / 16)
    }
}
