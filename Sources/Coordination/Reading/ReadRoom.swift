/// What the readers of a consumer may have read, or asked for, before somebody takes it on, and which of them may go on: pure.
///
/// It is bounded in records and bytes over all of them. Room for a reader that has nothing, and waits, is kept from those that have
/// something: else chance would tell who gets what becomes free, and a shard whose records leave quickly would run dry beside others that
/// have a page in hand for each one that is being delivered.
public struct ReadRoom<Reader: Hashable & Sendable>: Sendable {
    /// A part of it.
    public struct Share: Sendable, Hashable {
        /// Records.
        public var records: Int
        /// Bytes of their data.
        public var bytes: Int

        /// See the properties.
        public init(records: Int = 0, bytes: Int = 0) {
            self.records = records
            self.bytes = bytes
        }
    }

    private let limit: Share
    private var used = Share()
    /// The parts of `used` that are not nothing.
    private var parts: [Reader: Share] = [:]
    private var waiting: Set<Reader> = []
    /// Those that wait and have nothing.
    private var hungry: Set<Reader> = []

    /// Room for so much.
    public init(_ limit: Share) {
        self.limit = limit
    }

    /// Whether one of those that wait may have room. Only what is given back makes some: a reader that has to leave room for another has
    /// something to give back itself.
    public var isWorthALook: Bool { !waiting.isEmpty && used.records < limit.records && used.bytes < limit.bytes }

    /// Whether a reader may ask for more. Whoever may, may pass the limit by one page.
    ///
    /// - Parameter readers: how many there are.
    public func isLeft(for reader: Reader, among readers: Int) -> Bool {
        let kept = parts[reader] == nil ? 0 : hungry.count
        let (records, bytes) = (limit.records / max(readers, 1), limit.bytes / max(readers, 1))
        return used.records + kept * records < limit.records && used.bytes + kept * bytes < limit.bytes
    }

    /// The reader takes so much, be it nothing, and waits no longer.
    public mutating func take(_ share: Share, for reader: Reader) {
        waiting.remove(reader)
        hungry.remove(reader)
        used.records += share.records
        used.bytes += share.bytes
        guard share != Share() else { return }
        parts[reader, default: Share()].records += share.records
        parts[reader, default: Share()].bytes += share.bytes
    }

    /// So much of what the reader took is taken on, or never came.
    public mutating func giveBack(_ share: Share, of reader: Reader) {
        used.records -= share.records
        used.bytes -= share.bytes
        guard var part = parts[reader] else { return }
        part.records -= share.records
        part.bytes -= share.bytes
        parts[reader] = part == Share() ? nil : part
        if parts[reader] == nil, waiting.contains(reader) { hungry.insert(reader) }
    }

    /// The reader waits until there is room for it: until it takes something, or leaves.
    public mutating func wait(_ reader: Reader) {
        waiting.insert(reader)
        if parts[reader] == nil { hungry.insert(reader) }
    }

    /// The reader will take nothing more; what it has, it still gives back.
    public mutating func leave(_ reader: Reader) {
        waiting.remove(reader)
        hungry.remove(reader)
    }
}
