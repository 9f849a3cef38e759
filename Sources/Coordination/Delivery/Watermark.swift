import DequeModule
public import Records

/// The positions of one shard in reading order, acknowledged in any order: up to where is everything done?
public struct Watermark: Sendable {
    /// Names one registered position until it is complete.
    public struct Ticket: Sendable, Hashable {
        fileprivate let index: Int
    }

    private var pending: Deque<(position: Position, isComplete: Bool)> = []
    /// The ticket index of `pending`'s first element.
    private var firstIndex = 0
    private var openTickets = 0
    /// Everything up to and with this position is done.
    public private(set) var position: Position

    /// Nothing is registered; everything up to `position` is done.
    public init(from position: Position) {
        self.position = position
    }

    /// Tickets that are not complete yet.
    public var outstanding: Int { openTickets }

    /// Positions are registered in the order in which they were read.
    public mutating func register(_ position: Position) -> Ticket {
        pending.append((position, false))
        openTickets += 1
        return Ticket(index: firstIndex + pending.count - 1)
    }

    /// The new position where this moved it. Completing a ticket twice is a fault of the caller.
    public mutating func complete(_ ticket: Ticket) -> Position? {
        let offset = ticket.index - firstIndex
        precondition(pending.indices.contains(offset) && !pending[offset].isComplete, "A batch was acknowledged twice.")
        pending[offset].isComplete = true
        openTickets -= 1
        let before = position
        while let first = pending.first, first.isComplete {
            position = max(position, first.position)
            pending.removeFirst()
            firstIndex += 1
        }
        return position == before ? nil : position
    }
}
