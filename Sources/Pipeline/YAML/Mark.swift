/// Where a node stands in its file: from its first character up to, and without, `endLine`:`endColumn`.
public struct Mark: Sendable, Hashable {
    /// The name of the file, as diagnostics print it.
    public var file: String
    /// Counted from 1.
    public var line: Int
    /// Counted from 1, in Unicode scalars.
    public var column: Int
    /// Counted from 1.
    public var endLine: Int
    /// Counted from 1, in Unicode scalars; the first one that is not part of the node.
    public var endColumn: Int

    /// Counted from 1.
    public init(file: String, line: Int, column: Int, endLine: Int, endColumn: Int) {
        self.file = file
        self.line = line
        self.column = column
        self.endLine = endLine
        self.endColumn = endColumn
    }

    /// What a diagnostic underlines: the node, or only its first character where it spans lines.
    public var location: SourceLocation {
        SourceLocation(file: file, line: line, column: column, length: line == endLine ? max(1, endColumn - column) : 1)
    }
}
