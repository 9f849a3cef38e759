/// One datum on its way through a pipeline.
public struct Record: Sendable {
    /// The datum, decoded or not.
    public var content: Content
    /// Where it was read, with which keys, and its bytes as they were read.
    public let origin: Origin

    /// See the properties.
    public init(_ content: Content, origin: Origin) {
        self.content = content
        self.origin = origin
    }

    /// A record that is decoded.
    public init(_ value: Value, origin: Origin) {
        self.init(.value(value), origin: origin)
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
