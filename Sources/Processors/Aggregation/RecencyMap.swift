/// A dictionary that knows which of its keys was inserted longest ago; every operation takes constant time.
struct RecencyMap<Key: Hashable & Sendable, Element: Sendable>: Sendable {
    private struct Node {
        var key: Key
        var element: Element?
        var older: Int?
        var newer: Int?
    }

    private var indices: [Key: Int] = [:]
    /// A doubly linked list in an array; indices of removed nodes wait in `free`.
    private var nodes: [Node] = []
    private var free: [Int] = []
    private var oldest: Int?
    private var newest: Int?

    var count: Int { indices.count }

    /// The key must not be in the map.
    mutating func insertMostRecent(_ key: Key, _ element: Element) {
        let node = Node(key: key, element: element, older: newest, newer: nil)
        let index = free.popLast() ?? nodes.endIndex
        if index == nodes.endIndex { nodes.append(node) } else { nodes[index] = node }
        if let newest { nodes[newest].newer = index } else { oldest = index }
        newest = index
        indices[key] = index
    }

    mutating func remove(_ key: Key) -> Element? {
        indices.removeValue(forKey: key).flatMap { unlink($0) }
    }

    mutating func removeLeastRecent() -> (Key, Element)? {
        guard let oldest else { return nil }
        let key = nodes[oldest].key
        return remove(key).map { (key, $0) }
    }

    private mutating func unlink(_ index: Int) -> Element? {
        let (older, newer) = (nodes[index].older, nodes[index].newer)
        if let older { nodes[older].newer = newer } else { oldest = newer }
        if let newer { nodes[newer].older = older } else { newest = older }
        free.append(index)
        return nodes[index].element.take()
    }
}
