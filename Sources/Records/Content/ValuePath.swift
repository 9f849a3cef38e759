import Glibc

/// The way from a value to one inside of it: names of fields and indices of lists.
public struct ValuePath: Sendable {
    /// The name of a field.
    public struct Name: Sendable {
        /// As text.
        public let text: String
        private let bytes: [UInt8]

        init(_ text: String) {
            self.text = text
            bytes = Array(text.utf8)
        }

        func matches(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
            guard key.count == bytes.count, let start = key.baseAddress else { return false }
            return bytes.withUnsafeBufferPointer { $0.isEmpty || memcmp(start, $0.baseAddress!, $0.count) == 0 }
        }
    }

    enum Step: Sendable {
        case field(Name)
        case element(Int)
    }

    private(set) var steps: [Step] = []

    /// Names, from the outermost; no names lead to the value itself.
    public init(_ names: some Sequence<String>) {
        steps = names.map { .field(Name($0)) }
    }

    /// The field of this name in what the path leads to.
    public func field(_ name: String) -> ValuePath {
        var path = self
        path.steps.append(.field(Name(name)))
        return path
    }

    /// The element at this index of the list that the path leads to.
    public func element(_ index: Int) -> ValuePath {
        var path = self
        path.steps.append(.element(index))
        return path
    }
}
