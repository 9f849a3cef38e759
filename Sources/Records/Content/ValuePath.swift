/// The way from a value to one inside of it: names of fields and indices of lists.
///
/// It is walked for every record: its steps are plain numbers, and its names lie in one block.
public struct ValuePath: Sendable {
    enum Step: Sendable {
        /// A name, by its bytes in `names`.
        case field(start: Int, count: Int)
        case element(Int)
    }

    private(set) var steps: [Step] = []
    private(set) var names: [UInt8] = []

    /// Names, from the outermost; no names lead to the value itself.
    public init(_ names: some Sequence<String>) {
        for name in names { append(name) }
    }

    /// The field of this name in what the path leads to.
    public func field(_ name: String) -> ValuePath {
        var path = self
        path.append(name)
        return path
    }

    /// The element at this index of the list that the path leads to.
    public func element(_ index: Int) -> ValuePath {
        var path = self
        path.steps.append(.element(index))
        return path
    }

    private mutating func append(_ name: String) {
        let start = names.count
        names.append(contentsOf: name.utf8)
        steps.append(.field(start: start, count: names.count - start))
    }
}
