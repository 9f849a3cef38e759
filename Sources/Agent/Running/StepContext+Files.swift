import Glibc
import Records
import Transforms

extension StepContext {
    /// Reads the machine's files.
    static func files(warn: @escaping @Sendable (Failure) -> Void) -> StepContext {
        StepContext(
            readFile: { (path, known, limit) throws(Failure) in try readWhole(path, unless: known, limit: limit) },
            warn: warn)
    }
}

private func readWhole(
    _ path: String, unless known: StepContext.FileVersion?, limit: Int
) throws(Failure) -> StepContext.FileContent? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(path) }
    defer { close(file) }
    // Of the open file and not of its path: what is read is of this version even if the file is replaced meanwhile.
    var status = stat()
    guard fstat(file, &status) == 0 else { throw unreadable(path) }
    let version = StepContext.FileVersion(
        inode: UInt64(status.st_ino), size: Int64(status.st_size),
        modifiedNanoseconds: Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec))
    if version == known { return nil }
    guard Int64(status.st_size) <= Int64(limit) else {
        throw Failure("file_too_large", "\(path) has \(status.st_size) bytes, and \(limit) are the most")
    }
    var bytes: [UInt8] = []
    while bytes.count <= limit {
        let count = min(1 << 20, limit + 1 - bytes.count)
        var part = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            part = read(file, buffer.baseAddress, count)
            initialized = max(0, part)
        }
        guard part >= 0 else { throw unreadable(path) }
        if part == 0 { return StepContext.FileContent(version: version, bytes: bytes) }
        bytes += chunk
    }
    throw Failure("file_too_large", "\(path) grew beyond \(limit) bytes while it was read")
}

private func unreadable(_ path: String) -> Failure {
    Failure("file_not_readable", "\(path) cannot be read: \(String(cString: strerror(errno)))")
}
