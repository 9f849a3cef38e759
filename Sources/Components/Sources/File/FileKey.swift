import Records

/// The name under which the store keeps a file's position: the file itself, whatever its path, and how often it was cut to nothing.
struct FileKey: Hashable, Sendable {
    var identity: InputFile.Identity
    /// Positions never go back: a file that was cut begins again under the next generation.
    var generation = 0

    var text: String { "\(identity.text).\(generation)" }

    /// The latest generation that the store knows; nil when it does not know the file.
    static func latest(of identity: InputFile.Identity, in rows: [String]) -> FileKey? {
        let prefix = identity.text + "."
        let generations = rows.compactMap { $0.hasPrefix(prefix) ? Int($0.dropFirst(prefix.count)) : nil }
        return generations.max().map { FileKey(identity: identity, generation: $0) }
    }

    var next: FileKey { FileKey(identity: identity, generation: generation + 1) }
}

extension InputFile.Identity {
    /// The birth time tells a new file from a deleted one whose inode it got.
    var text: String { "\(String(device, radix: 16))-\(inode)-\(String(birth, radix: 16))" }
}
