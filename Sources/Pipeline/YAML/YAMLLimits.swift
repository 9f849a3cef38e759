/// Bounds on what a file may make of itself: a pipeline file is far below each of them.
struct YAMLLimits {
    /// Of a file.
    var bytes = 16 << 20
    /// Of collections within each other.
    var depth = 64
    /// Of nodes in the text of a file.
    var nodes = 1_000_000
    /// Of nodes that aliases stand for, nested ones counted as often as they appear.
    var aliasedNodes = 100_000
}
