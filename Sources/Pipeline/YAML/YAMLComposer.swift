/// Builds trees from events: resolves aliases and merge keys, keeps keys unique, and stays within limits.
struct YAMLComposer {
    private(set) var documents: [YAMLDocument] = []
    var diagnostics: [Diagnostic] = []
    /// The stream has ended, or a limit was exceeded.
    private(set) var isFinished = false

    private let limits: YAMLLimits
    private var open: [Frame] = []
    private var anchors: [String: Composed] = [:]
    /// Of the document: something in it could not be read, so that compiling it would only mislead.
    private var isBroken = false
    /// Of the document: it is worth compiling, for what else may be wrong, and cannot run.
    private var hasRepeatedKeys = false
    private var nodeCount = 0
    private var aliasedNodeCount = 0

    init(limits: YAMLLimits) {
        self.limits = limits
    }

    mutating func take(_ event: YAMLEvent) {
        if let tag = event.tag { reject(tag: tag, at: event.mark) }
        switch event.kind {
        case .streamStart, .documentEnd: break
        case .streamEnd: isFinished = true
        case .documentStart:
            anchors = [:]
            isBroken = false
            hasRepeatedKeys = false
        case .alias(let name): takeAlias(name, at: event.mark)
        case .scalar(let scalar): add(Composed(node: YAMLNode(.scalar(scalar), mark: event.mark)), anchor: event.anchor)
        case .sequenceStart: begin(isMapping: false, event)
        case .mappingStart: begin(isMapping: true, event)
        case .collectionEnd:
            guard let frame = open.popLast() else { return }
            let anchor = frame.anchor
            add(frame.composed(endingAt: event.mark), anchor: anchor)
        }
    }

    private mutating func begin(isMapping: Bool, _ event: YAMLEvent) {
        guard open.count < limits.depth else {
            stop("yaml_too_deep", "more than \(limits.depth) levels of nesting", at: event.mark)
            return
        }
        open.append(Frame(isMapping: isMapping, anchor: event.anchor, mark: event.mark))
    }

    private mutating func takeAlias(_ name: String, at mark: Mark) {
        guard let target = anchors[name] else {
            let isOpen = open.contains { $0.anchor == name }
            fail(
                isOpen ? "recursive_alias" : "unknown_alias",
                isOpen ? "`*\(name)` stands inside of the value that it names" : "there is no `&\(name)` before this alias", at: mark,
                hint: isOpen
                    ? "an alias stands for a value that has ended before it"
                    : Suggestion.nearest(to: name, among: anchors.keys.sorted()).map { "did you mean `*\($0)`?" })
            add(Composed(node: YAMLNode(.scalar(YAMLScalar("", style: .plain)), mark: mark)), anchor: nil)
            return
        }
        aliasedNodeCount += target.count
        guard aliasedNodeCount <= limits.aliasedNodes else {
            stop(
                "yaml_too_many_aliases", "aliases stand for more than \(limits.aliasedNodes) values", at: mark,
                hint: "aliases of aliases multiply; write the values out")
            return
        }
        guard open.count + target.height <= limits.depth else {
            stop("yaml_too_deep", "more than \(limits.depth) levels of nesting", at: mark)
            return
        }
        add(target, anchor: nil, aliasMark: mark)
    }

    private mutating func add(_ composed: Composed, anchor: String?, aliasMark: Mark? = nil) {
        nodeCount += 1
        guard nodeCount <= limits.nodes else {
            stop("yaml_too_many_nodes", "more than \(limits.nodes) values in one file", at: composed.node.mark)
            return
        }
        if let anchor { anchors[anchor] = composed }
        guard !open.isEmpty else {
            if !isBroken, !composed.node.isNull { documents.append(YAMLDocument(root: composed.node, isSound: !hasRepeatedKeys)) }
            return
        }
        let last = open.count - 1
        open[last].count += composed.count
        open[last].height = max(open[last].height, composed.height)
        guard open[last].isMapping else {
            open[last].elements.append(composed.node)
            return
        }
        guard let key = open[last].key else {
            open[last].key = self.key(of: composed.node, at: aliasMark ?? composed.node.mark)
            return
        }
        open[last].key = nil
        if key.isMerge {
            merge(composed.node, into: last, at: aliasMark ?? composed.node.mark)
        } else if let first = open[last].firstKeys[key.key.text] {
            hasRepeatedKeys = true
            diagnostics.append(
                Diagnostic(
                    "duplicate_key", "`\(key.key.text)` appears twice", at: key.key.mark.location,
                    related: [RelatedPlace("first here", at: first.location)]))
        } else {
            open[last].firstKeys[key.key.text] = key.key.mark
            open[last].pairs.append(Frame.Entry(pair: YAMLPair(key: key.key, value: composed.node), isMerged: false))
        }
    }

    private mutating func key(of node: YAMLNode, at mark: Mark) -> Frame.Key {
        guard let scalar = node.scalar else {
            fail("complex_key", "a key has to be plain text", at: mark, hint: "put a value that begins with `{` or `[` in quotes")
            return Frame.Key(key: YAMLKey("", mark: mark), isMerge: false)
        }
        return Frame.Key(key: YAMLKey(scalar.text, mark: mark), isMerge: scalar.text == "<<" && scalar.style == .plain)
    }

    /// `<<` takes a mapping or a list of mappings: keys of the mapping itself win, then those of earlier mappings.
    private mutating func merge(_ node: YAMLNode, into index: Int, at mark: Mark) {
        let sources = node.sequence ?? [node]
        for source in sources {
            guard let pairs = source.mapping else {
                fail("invalid_merge", "`<<` takes a mapping or a list of mappings", at: mark, hint: "write `<<: *name`")
                return
            }
            open[index].pairs.append(contentsOf: pairs.map { Frame.Entry(pair: $0, isMerged: true) })
        }
    }

    private mutating func reject(tag: String, at mark: Mark) {
        let core = "tag:yaml.org,2002:"
        let name = tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
        fail("yaml_tag", "the tag `\(name)` has no meaning here", at: mark, hint: "leave it out; text is marked by quotes")
    }

    private mutating func fail(_ code: String, _ message: String, at mark: Mark, hint: String? = nil) {
        isBroken = true
        diagnostics.append(Diagnostic(code, message, at: mark.location, hint: hint))
    }

    private mutating func stop(_ code: String, _ message: String, at mark: Mark, hint: String? = nil) {
        guard !isFinished else { return }
        isFinished = true
        fail(code, message, at: mark, hint: hint)
    }
}

extension YAMLComposer {
    /// A finished node with what limits are about.
    private struct Composed {
        var node: YAMLNode
        /// Of nodes, this one included, aliases followed.
        var count = 1
        /// Of collections within each other.
        var height = 0
    }

    /// A collection that has not ended yet.
    private struct Frame {
        struct Key {
            var key: YAMLKey
            var isMerge: Bool
        }

        struct Entry {
            var pair: YAMLPair
            var isMerged: Bool
        }

        var isMapping: Bool
        var anchor: String?
        var mark: Mark
        var elements: [YAMLNode] = []
        var pairs: [Entry] = []
        var firstKeys: [String: Mark] = [:]
        /// Read, and waiting for its value.
        var key: Key?
        var count = 1
        var height = 0

        init(isMapping: Bool, anchor: String?, mark: Mark) {
            self.isMapping = isMapping
            self.anchor = anchor
            self.mark = mark
        }

        func composed(endingAt end: Mark) -> Composed {
            var mark = mark
            (mark.endLine, mark.endColumn) = (end.endLine, end.endColumn)
            let merged = mergedPairs()
            let lastChild = isMapping ? pairs.last { !$0.isMerged }?.pair.value.mark : elements.last?.mark
            // The event that ends a block stands at whatever comes next, not where the block's text ends.
            if end.line == end.endLine, end.column == end.endColumn, let lastChild, lastChild.line >= mark.line {
                (mark.endLine, mark.endColumn) = (lastChild.endLine, lastChild.endColumn)
            }
            return Composed(
                node: YAMLNode(isMapping ? .mapping(merged) : .sequence(elements), mark: mark), count: count, height: height + 1)
        }

        private func mergedPairs() -> [YAMLPair] {
            guard pairs.contains(where: \.isMerged) else { return pairs.map(\.pair) }
            var seen: Set<String> = []
            return pairs.compactMap { entry in
                if entry.isMerged, firstKeys[entry.pair.key.text] != nil || !seen.insert(entry.pair.key.text).inserted { return nil }
                return entry.pair
            }
        }
    }
}
