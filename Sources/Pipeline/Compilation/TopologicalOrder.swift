/// An order in which every transform comes after those that it reads, otherwise as in the file.
enum TopologicalOrder {
    /// Nil after a circle was reported, which is once for each.
    static func of(_ transforms: [NodeDraft], inputs: [[NodeReference]], in context: inout DecodingContext) -> [Int]? {
        let indices = Dictionary(transforms.enumerated().map { ($0.element.name.text, $0.offset) }) { first, _ in first }
        let reads = inputs.map { $0.compactMap { indices[$0.node] } }
        var walk = Walk(reads: reads)
        for start in transforms.indices { walk.visit(from: start) }
        for circle in walk.circles {
            // The walk goes from readers to what they read; records go the other way.
            let names = (circle + [circle[0]]).reversed().map { transforms[$0].name.text }
            let places = circle.indices.map { index in
                let read = transforms[circle[(index + 1) % circle.count]].name.text
                return (reader: transforms[circle[index]].name.text, read: read, mark: place(of: read, in: transforms[circle[index]]))
            }
            context.report(
                Diagnostic(
                    "circular_from", "records would go round in a circle: \(names.joined(separator: " → "))", at: places[0].mark.location,
                    hint: "one of them has to read something else",
                    related: places.dropFirst().prefix(4).map { RelatedPlace("`\($0.reader)` reads `\($0.read)`", at: $0.mark.location) }))
        }
        return walk.circles.isEmpty ? walk.order : nil
    }

    /// The element of `from` that closes the circle.
    private static func place(of name: String, in reader: NodeDraft) -> Mark {
        guard case .nodes(let inputs) = reader.from else { return reader.name.mark }
        return inputs.first { $0.text == name || $0.text.hasPrefix(name + ".") }?.node.mark ?? reader.name.mark
    }

    /// Depth first, with a stack of its own: the depth is the user's to choose.
    private struct Walk {
        let reads: [[Int]]
        var order: [Int] = []
        var circles: [[Int]] = []
        private var isDone: [Bool]
        private var positionOnPath: [Int?]

        init(reads: [[Int]]) {
            self.reads = reads
            isDone = Array(repeating: false, count: reads.count)
            positionOnPath = Array(repeating: nil, count: reads.count)
        }

        mutating func visit(from start: Int) {
            guard !isDone[start] else { return }
            var path: [(node: Int, next: Int)] = []
            func enter(_ node: Int) {
                positionOnPath[node] = path.count
                path.append((node, 0))
            }
            enter(start)
            while let (node, next) = path.last {
                guard next < reads[node].count else {
                    path.removeLast()
                    positionOnPath[node] = nil
                    isDone[node] = true
                    order.append(node)
                    continue
                }
                path[path.count - 1].next += 1
                let read = reads[node][next]
                if let position = positionOnPath[read] {
                    circles.append(path[position...].map(\.node))
                } else if !isDone[read] {
                    enter(read)
                }
            }
        }
    }
}
