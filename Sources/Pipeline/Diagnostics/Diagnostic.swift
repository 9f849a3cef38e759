/// One thing that is wrong, or doubtful, in a pipeline file.
public struct Diagnostic: Sendable, Hashable {
    /// Whether a pipeline can run all the same.
    public enum Severity: String, Sendable, Hashable {
        case error
        case warning
    }

    /// Stable: `unknown_key`.
    public var code: String
    /// An error unless said otherwise.
    public var severity: Severity
    /// One sentence without a full stop at its end. It never contains an expanded value.
    public var message: String
    /// Nil for what has no place in a file, such as a file that cannot be read.
    public var location: SourceLocation?
    /// What the reader can do about it: "did you mean `stream`?".
    public var hint: String?
    /// Other places that explain this one: "first here".
    public var related: [RelatedPlace]
    /// What stands at the location is a secret: whoever quotes the line leaves it out.
    public var hidesSource = false

    /// See the properties.
    public init(
        _ code: String, _ message: String, at location: SourceLocation?, severity: Severity = .error, hint: String? = nil,
        related: [RelatedPlace] = []
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.location = location
        self.hint = hint
        self.related = related
    }
}

/// A run of characters on one line of a file.
public struct SourceLocation: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name of the file, as given.
    public var file: String
    /// Counted from 1.
    public var line: Int
    /// Counted from 1, in Unicode scalars.
    public var column: Int
    /// In Unicode scalars, at least 1.
    public var length: Int

    /// See the properties.
    public init(file: String, line: Int, column: Int, length: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
        self.length = length
    }

    /// By file name, then by place.
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column, left.length) < (right.file, right.line, right.column, right.length)
    }

    /// `file:line:column`, as editors and terminals understand it.
    public var description: String { "\(file):\(line):\(column)" }
}

/// A place that explains a diagnostic, and what is to be seen there.
public struct RelatedPlace: Sendable, Hashable {
    /// A few words.
    public var message: String
    /// Where it is.
    public var location: SourceLocation

    /// See the properties.
    public init(_ message: String, at location: SourceLocation) {
        self.message = message
        self.location = location
    }
}
