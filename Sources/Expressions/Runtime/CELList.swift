import Records

/// A list: of a record, unconverted, or computed.
enum CELList: Sendable {
    case record([Value])
    case computed([CELValue])

    var count: Int {
        switch self {
        case .record(let values): values.count
        case .computed(let values): values.count
        }
    }

    subscript(index: Int) -> CELValue {
        switch self {
        case .record(let values): CELValue(values[index])
        case .computed(let values): values[index]
        }
    }

    var values: [CELValue] {
        switch self {
        case .record(let values): values.map(CELValue.init)
        case .computed(let values): values
        }
    }

    func contains(_ element: CELValue) -> Bool {
        (0..<count).contains { self[$0].isEqual(to: element) }
    }
}
