import FoundationEssentials

/// What resolving configuration and credentials reads of its process: variables, files, commands, the clock. Tests bring their own.
struct Environment: Sendable {
    var variables: [String: String]
    /// Nil where there is no such file or it cannot be read.
    var readFile: @Sendable (_ path: String) -> [UInt8]?
    /// Runs a command line in a shell and returns what it printed.
    var run: @Sendable (_ command: String) async throws(CommandError) -> [UInt8]
    /// Seconds since 1970, UTC.
    var now: @Sendable () -> Int64

    static func live(_ variables: [String: String]) -> Environment {
        Environment(
            variables: variables,
            readFile: { path in FileManager.default.contents(atPath: path).map(Array.init) },
            run: { command throws(CommandError) in try await Command.run(command, variables: variables) },
            now: { Int64(Date().timeIntervalSince1970) })
    }

    /// A variable; one that is set to nothing counts as not set, as it does for the AWS SDKs.
    subscript(name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func isTrue(_ name: String) -> Bool { self[name]?.lowercased() == "true" }

    /// A path with its leading `~` replaced; nil where the home is not known.
    func expanded(_ path: String) -> String? {
        guard path == "~" || path.hasPrefix("~/") else { return path }
        return self["HOME"].map { $0 + path.dropFirst() }
    }
}

/// Why a command printed nothing that could be used.
struct CommandError: Error, Hashable {
    var reason: String
}
