import OrderedCollections
import Records

extension CELValue {
    /// How much there is in it: a unit for each value and one for 16 bytes of text. Counting ends when it exceeds `limit`: values that
    /// contain one another many times weigh far more than the memory that they take.
    func weight(upTo limit: Int) -> Int {
        var counter = WeightCounter(limit: limit)
        counter.add(self)
        return counter.total
    }
}

private struct WeightCounter {
    let limit: Int
    var total = 0

    private var isFull: Bool { total > limit }

    mutating func add(_ value: CELValue) {
        total += 1
        switch value {
        case .string(let text): total += text.utf8.count / 16
        case .bytes(let bytes): total += bytes.count / 16
        case .list(.record(let values)): add(values)
        case .list(.computed(let values)):
            for value in values where !isFull { add(value) }
        case .map(.record(let map)): add(map)
        case .map(.computed(let map)):
            for (key, value) in map where !isFull {
                add(key.value)
                add(value)
            }
        case .optional(let content?): add(content)
        default: break
        }
    }

    private mutating func add(_ values: [Value]) {
        for value in values where !isFull { add(value) }
    }

    private mutating func add(_ map: ValueMap) {
        for (key, value) in map where !isFull {
            total += 1 + key.utf8.count / 16
            add(value)
        }
    }

    private mutating func add(_ value: Value) {
        total += 1
        switch value {
        case .string(let text): total += text.utf8.count / 16
        case .bytes(let bytes), .ext(_, let bytes): total += bytes.count / 16
        case .bigInteger(let number): total += number.digits.utf8.count / 16
        case .list(let values): add(values)
        case .map(let map): add(map)
        default: break
        }
    }
}
