public import Pipeline

/// Where records come from.
public protocol Source: Sendable {
    /// Reads until its input ends or `context.draining` opens, tells `context.readingEnded()`, waits for `context.settled`, stores its
    /// last positions and returns.
    func run(_ context: SourceContext) async throws
    /// Nothing is there to be read right now, and all that was read is acknowledged.
    var isIdle: Bool { get }
}

/// A kind of source: what a pipeline file may say of it, and how it is made.
public protocol SourceComponent: Source {
    associatedtype Config: ComponentConfig
    /// Its type key in a pipeline file.
    static var kind: String { get }
    /// One sentence.
    static var summary: String { get }
    static func make(_ config: Config, _ context: SourceContext) async throws -> Self
}
