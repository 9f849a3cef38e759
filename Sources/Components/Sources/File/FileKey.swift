import Coordination
import Records

/// The name under which the store keeps a file's position: the file itself, whatever its path, and how often it was cut to nothing.
struct FileKey: Hashable, Sendable {
    var identity: InputFile.Identity
    /// Positions never go back: a file that was cut begins again under the next generation.
    var generation = 0

    var text: String { "\(identity.text).\(generation)" }

    var next: FileKey { FileKey(identity: identity, generation: generation + 1) }
}

extension InputFile.Identity {
    /// The birth time tells a new file from a deleted one whose inode it got.
    var text: String { "\(String(device, radix: 16))-\(inode)-\(String(birth, radix: 16))" }
}

/// What the store knows of files: pure.
struct FileRows {
    private var latest: [Substring: (generation: Int, row: Lease)] = [:]

    init(_ rows: [Lease]) {
        for row in rows {
            guard let dot = row.shard.lastIndex(of: "."), let generation = Int(row.shard[row.shard.index(after: dot)...]) else { continue }
            let identity = row.shard[..<dot]
            if generation > latest[identity]?.generation ?? -1 { latest[identity] = (generation, row) }
        }
    }

    /// The row of the file's latest generation; nil when the store does not know the file.
    func latest(of identity: InputFile.Identity) -> Lease? { latest[identity.text[...]]?.row }

    /// The key to read a file of this size under: a new one where it is shorter than what was read of it.
    func key(of identity: InputFile.Identity, size: UInt64) -> FileKey {
        guard let (generation, row) = latest[identity.text[...]] else { return FileKey(identity: identity) }
        let key = FileKey(identity: identity, generation: generation)
        return row.position.offset > size ? key.next : key
    }
}

extension Position {
    init(offset: UInt64) {
        self = .sequence(SequenceNumber(offset), subSequence: nil)
    }

    /// Of the byte behind the last line that is done.
    var offset: UInt64 {
        if case .sequence(let number, _) = self { UInt64(number.digits) ?? 0 } else { 0 }
    }
}
