import Records

/// Writes an object into the bytes of a request, field by field in the order of the calls.
protocol BodyWriter {
    /// `capacity`: the expected length in bytes; the body grows where it is too small.
    init(capacity: Int)
    mutating func field(_ name: StaticString, _ value: String)
    mutating func field(_ name: StaticString, _ value: Int)
    mutating func field(_ name: StaticString, blob: RecordData)
    mutating func list<Element>(_ name: StaticString, of elements: [Element], _ fields: (inout Self, Element) -> Void)
    /// All of it, once. Mutating, since a consuming method could be called on a copy, and the end be written into a copy of all bytes.
    mutating func finished() -> HashedBody
}

extension BodyWriter {
    mutating func field(_ name: StaticString, _ value: String?) {
        if let value { field(name, value) }
    }

    /// The stream, as its name or as its ARN.
    mutating func field(_ stream: StreamIdentifier) {
        switch stream {
        case .name(let name): field("StreamName", name)
        case .arn(let arn): field("StreamARN", arn.text)
        }
    }
}
