import Records

/// One node of a parsed YAML document: aliases and merge keys are resolved, `${…}` is not.
public struct YAMLNode: Sendable, Hashable {
    /// The three kinds of nodes.
    public enum Content: Sendable, Hashable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// In the order of the file; keys are unique.
        case mapping([YAMLPair])
    }

    /// What the node holds.
    public var content: Content
    /// For a node reached through an alias: where the anchored node stands.
    public var mark: Mark

    /// A node; see its properties.
    public init(_ content: Content, mark: Mark) {
        self.content = content
        self.mark = mark
    }
}

/// A key of a mapping with its value.
public struct YAMLPair: Sendable, Hashable {
    /// Unique in its mapping.
    public var key: YAMLKey
    /// What stands under the key.
    public var value: YAMLNode

    /// A key and its value.
    public init(key: YAMLKey, value: YAMLNode) {
        self.key = key
        self.value = value
    }
}

/// A key of a mapping: its text as written, never interpolated.
public struct YAMLKey: Sendable, Hashable {
    /// Without quotes.
    public var text: String
    /// Where the key stands.
    public var mark: Mark

    /// A key; see its properties.
    public init(_ text: String, mark: Mark) {
        self.text = text
        self.mark = mark
    }
}

extension YAMLNode {
    /// Nil for collections.
    public var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The elements; nil for anything but a sequence.
    public var sequence: [YAMLNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// The pairs; nil for anything but a mapping.
    public var mapping: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// The value under a key; nil where there is none, or where this is no mapping.
    public subscript(key: String) -> YAMLNode? {
        mapping?.first { $0.key.text == key }?.value
    }

    /// True for `null`, `~` and a value that was left out.
    public var isNull: Bool {
        scalar?.resolved == .null
    }
}
