/// What the records of a batch carry, in their order.
public struct Contents: Sendable, RandomAccessCollection {
    private enum Storage: Sendable {
        /// All of them are texts of one tape, in its order.
        case texts(JSONTape)
        case each([Content])
    }

    private let storage: Storage

    /// These.
    public init(_ contents: [Content]) {
        storage = .each(contents)
    }

    /// All texts of a tape to which nothing will be added.
    public init(texts tape: JSONTape) {
        storage = .texts(tape)
    }

    /// 0.
    public var startIndex: Int { 0 }
    /// How many there are.
    public var endIndex: Int {
        switch storage {
        case .texts(let tape): tape.count
        case .each(let contents): contents.count
        }
    }

    /// One of them.
    public subscript(index: Int) -> Content {
        switch storage {
        case .texts(let tape): .json(tape[index])
        case .each(let contents): contents[index]
        }
    }
}
