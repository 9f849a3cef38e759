/// One datum on its way through a pipeline.
public struct Record: Sendable {
    /// The datum, decoded or not.
    public var content: Content
    /// The Kinesis partition key with which it was read, or that a KPL aggregate gave it.
    public var partitionKey: String?
    /// The explicit hash key (decimal, 128 bits) that a KPL aggregate gave it.
    public var explicitHashKey: String?
    /// Where it was read, and its bytes as they were read.
    public var origin: Origin

    /// See the properties.
    public init(_ content: Content, partitionKey: String? = nil, explicitHashKey: String? = nil, origin: Origin) {
        self.content = content
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        self.origin = origin
    }

    /// A record that is decoded.
    public init(_ value: Value, partitionKey: String? = nil, explicitHashKey: String? = nil, origin: Origin) {
        self.init(.value(value), partitionKey: partitionKey, explicitHashKey: explicitHashKey, origin: origin)
    }

    /// The decoded datum.
    ///
    /// Read of a record that is not decoded, it is decoded with each call and thrown away: whoever needs more than a look at it calls
    /// `decode` first. Changed, it stays decoded.
    public var value: Value {
        get { content.value }
        set { content = .value(newValue) }
        _modify {
            decode()
            guard case .value(var value) = content else { preconditionFailure("a decoded record holds a value") }
            // Given up here, so that a map is changed in place.
            content = .value(.null)
            defer { content = .value(value) }
            yield &value
        }
    }

    /// Makes the content a value, once for all that look at it from now on.
    public mutating func decode() {
        if case .json(let text) = content { content = .value(text.value) }
    }
}
