import DequeModule
import Records

/// Which connection to one server a request gets: pure.
///
/// The connection that was given back last is used first: what the processor keeps of it is still there, and those that are not needed
/// grow old. Beyond the limit, requests wait their turn.
struct ConnectionPool<Connection: Equatable, Request> {
    enum Step {
        case use(Connection)
        /// Open another one for it, which has to be told as closed in the end, also where that fails.
        case connect
        case wait
    }

    enum Next {
        case use(Request)
        case keep
        case close
    }

    private let limit: Int
    /// An idle one is closed at this age: servers close theirs sooner or later, and a request would run into it.
    private let idleLife: Duration
    /// Opening, in use and idle.
    private var count = 0
    /// In the order in which they were given back.
    private var idle: Deque<(connection: Connection, since: MonotonicTime)> = []
    private var waiting: Deque<Request> = []
    private var isShutDown = false

    init(limit: Int, idleLife: Duration) {
        self.limit = max(1, limit)
        self.idleLife = idleLife
    }

    /// A request wants a connection.
    mutating func ask(_ request: Request) -> Step {
        if let last = idle.popLast() { return .use(last.connection) }
        guard count < limit else {
            waiting.append(request)
            return .wait
        }
        count += 1
        return .connect
    }

    /// A connection has come about, or its exchange has ended and left it usable.
    mutating func giveBack(_ connection: Connection, now: MonotonicTime) -> Next {
        if let request = waiting.popFirst() { return .use(request) }
        guard !isShutDown else { return .close }
        idle.append((connection, now))
        return .keep
    }

    /// A connection could not be opened, or is closed. Answers the request that another one is to be opened for.
    mutating func closed(_ connection: Connection?) -> Request? {
        if let connection { idle.removeAll { $0.connection == connection } }
        count -= 1
        guard let request = waiting.popFirst() else { return nil }
        count += 1
        return request
    }

    /// Idle connections that are too old: to be closed, and told as such then.
    mutating func expire(now: MonotonicTime) -> [Connection] {
        var old: [Connection] = []
        while let first = idle.first, now - first.since >= idleLife {
            old.append(first.connection)
            idle.removeFirst()
        }
        return old
    }

    /// Keeps no connection from now on. Answers the requests that wait, which are to be refused.
    mutating func shutDown() -> [Request] {
        isShutDown = true
        idle = []
        defer { waiting = [] }
        return Array(waiting)
    }
}

extension ConnectionPool.Step: Equatable {}
extension ConnectionPool.Next: Equatable where Request: Equatable {}
