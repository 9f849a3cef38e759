import Glibc

/// Paths by shell patterns.
struct FilePatterns: Sendable {
    let include: [String]
    let exclude: [String]

    /// The paths that there are now, each once.
    func expand() -> [String] {
        var seen: Set<String> = []
        return include.flatMap(Self.expand).filter { path in
            !exclude.contains { fnmatch($0, path, 0) == 0 } && seen.insert(path).inserted
        }
    }

    private static func expand(_ pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, 0, nil, &result) == 0 else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { index in result.gl_pathv[index].map { String(cString: $0) } }
    }
}
