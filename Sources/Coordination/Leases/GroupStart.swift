public import Records

/// Where a group began to read a stream, and which stream that was.
public struct GroupStart: Sendable, Hashable {
    /// Where shards without a position begin.
    public var position: Position
    /// Tells a stream from another one that was created later under the same name: its creation time. Nil for what has none.
    public var identity: String?

    /// See the properties.
    public init(position: Position, identity: String? = nil) {
        self.position = position
        self.identity = identity
    }
}
