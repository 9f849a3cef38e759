import Records

extension RedisStore {
    /// Rows of one script: some milliseconds of the server's one thread, and far below the 8,000 values that Lua's stack holds
    /// (LUAI_MAXCSTACK of Lua 5.1) at seven arguments a row.
    static let batchMax = 1_000

    /// Calls `body` for as many items at a time as one script may take; all are sent at once. Answers come in the order of `items`.
    ///
    /// - Parameter key: a key of each item, where those of two items may be in different slots.
    func inBatches<Item: Sendable, Answer: Sendable>(
        _ items: [Item], by key: ((Item) -> String)? = nil,
        _ body: @escaping @Sendable ([Item]) async throws(Failure) -> [Answer]
    ) async throws(Failure) -> [Answer] {
        if items.isEmpty { return [] }
        let batches = batches(items, by: key)
        if batches.count == 1 { return try await body(items) }
        let answers = await withTaskGroup(of: (Int, Result<[Answer], Failure>).self) { group in
            for (index, batch) in batches.enumerated() {
                let batch = batch.map { items[$0] }
                group.addTask {
                    do throws(Failure) {
                        return (index, .success(try await body(batch)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [Int: Result<[Answer], Failure>]()) { $0[$1.0] = $1.1 }
        }
        var all = [Answer?](repeating: nil, count: items.count)
        for (index, batch) in batches.enumerated() {
            for (position, answer) in zip(batch, try answers[index]?.get() ?? []) { all[position] = answer }
        }
        return all.compactMap { $0 }
    }

    /// The indices of items that go together.
    private func batches<Item>(_ items: [Item], by key: ((Item) -> String)?) -> [[Int]] {
        let slots = Dictionary(grouping: items.indices) { index in key.flatMap { servers.slot(of: $0(items[index])) } ?? 0 }
        return slots.values.flatMap { indices in
            stride(from: 0, to: indices.count, by: Self.batchMax).map {
                Array(indices[$0..<min($0 + Self.batchMax, indices.count)])
            }
        }
    }

    /// One answer for each item, or a failure where the script gave something else.
    func answers<Item, Answer>(
        _ reply: RESPValue, to items: [Item], _ read: (RESPValue, Item) -> Answer?
    ) throws(Failure) -> [Answer] {
        guard let elements = reply.elements, elements.count == items.count else { throw unreadable("leases") }
        var answers: [Answer] = []
        for (element, item) in zip(elements, items) {
            guard let answer = read(element, item) else { throw unreadable("a lease") }
            answers.append(answer)
        }
        return answers
    }
}
