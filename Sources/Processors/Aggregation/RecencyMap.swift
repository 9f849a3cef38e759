/// A dictionary that knows which of its keys was used longest ago; every operation takes constant time.
struct RecencyMap<Key: Hashable & Sendable, Element: Sendable>: Sendable {
    private struct Node {
        var key: Key
        /// Nil in a free node only.
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

    /// Lets `body` change the key's element in its place, and makes the key the most recent. `make` gives the element of a key that is new;
    /// one for which `isEmpty` holds afterwards is removed.
    mutating func withMostRecent<Result, Failure: Error>(
        _ key: Key, make: () -> Element, isEmpty: (inout Element) -> Bool, _ body: (inout Element) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let index = mostRecent(key) ?? insert(key, make())
        // Asked in its place: a copy would cost more than the question.
        defer { if isEmpty(&nodes[index].element!) { _ = remove(index) } }
        return try body(&nodes[index].element!)
    }

    mutating func removeLeastRecent() -> Element? {
        oldest.flatMap { remove($0) }
    }

    /// Many items in a row are of one key: that one needs no look into the dictionary.
    private mutating func mostRecent(_ key: Key) -> Int? {
        if let newest, nodes[newest].key == key { return newest }
        guard let index = indices[key] else { return nil }
        unlink(index)
        linkAsNewest(index)
        return index
    }

    private mutating func insert(_ key: Key, _ element: Element) -> Int {
        let node = Node(key: key, element: element)
        let index = free.popLast() ?? nodes.endIndex
        if index == nodes.endIndex { nodes.append(node) } else { nodes[index] = node }
        linkAsNewest(index)
        indices[key] = index
        return index
    }

    private mutating func remove(_ index: Int) -> Element? {
        unlink(index)
        indices[nodes[index].key] = nil
        free.append(index)
        return nodes[index].element.take()
    }

    private mutating func linkAsNewest(_ index: Int) {
        nodes[index].older = newest
        nodes[index].newer = nil
        if let newest { nodes[newest].newer = index } else { oldest = index }
        newest = index
    }

    private mutating func unlink(_ index: Int) {
        let (older, newer) = (nodes[index].older, nodes[index].newer)
        if let older { nodes[older].newer = newer } else { oldest = newer }
        if let newer { nodes[newer].older = older } else { newest = older }
    }
}
