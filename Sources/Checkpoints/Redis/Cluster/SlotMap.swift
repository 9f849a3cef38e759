/// Which primary of a cluster serves each slot, as far as is known.
struct SlotMap: Sendable, Hashable {
    struct Node: Sendable, Hashable {
        var host: String
        var port: Int
    }

    private var nodes: [Node] = []
    /// An index into `nodes` for each slot; -1 where none is known.
    private var owners = [Int16](repeating: -1, count: HashSlot.count)

    init() {}

    /// From the answer to CLUSTER SLOTS. A node that does not know its own host means the one that was asked (redis.io/docs/latest/commands/
    /// cluster-slots). Nil for any other reply.
    init?(_ reply: RESPValue, askedHost: String) {
        guard let ranges = reply.elements else { return nil }
        for range in ranges {
            // First and last slot, the primary, then replicas.
            guard let fields = range.elements, fields.count >= 3, let first = fields[0].integer, let last = fields[1].integer,
                let primary = fields[2].elements, primary.count >= 2, let port = primary[1].integer, (1...65_535).contains(port),
                0 <= first, first <= last, last < HashSlot.count
            else { return nil }
            let host = primary[0].text.flatMap { $0.isEmpty || $0 == "?" ? nil : $0 } ?? askedHost
            let index = index(of: Node(host: host, port: Int(port)))
            for slot in Int(first)...Int(last) { owners[slot] = index }
        }
    }

    /// All primaries.
    var primaries: [Node] { nodes }

    subscript(slot: Int) -> Node? { owners[slot] < 0 ? nil : nodes[Int(owners[slot])] }

    /// A redirection tells of one slot; the rest is asked for.
    mutating func move(_ slot: Int, to node: Node) {
        owners[slot] = index(of: node)
    }

    private mutating func index(of node: Node) -> Int16 {
        if let index = nodes.firstIndex(of: node) { return Int16(index) }
        nodes.append(node)
        return Int16(nodes.count - 1)
    }
}
