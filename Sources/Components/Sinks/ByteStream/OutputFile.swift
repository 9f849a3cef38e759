import Glibc
import Records

/// A descriptor that is written to its end, closed with its last reference.
final class OutputFile: Sendable {
    private let descriptor: Int32
    private let name: String

    private init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Opens a file for appending, creating it and its folders where they are missing.
    convenience init(appendingTo path: String) throws(Failure) {
        try Self.makeFolders(for: path)
        let isNew = access(path, F_OK) != 0
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        self.init(descriptor: descriptor, name: path)
        if isNew { try Self.synchronizeFolder(of: path) }
    }

    /// For standard output, which is not ours to close.
    init(standardOutput: Void) {
        descriptor = STDOUT_FILENO
        name = "standard output"
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    /// Writes all of it. What could be written of it before a failure is taken back where that is possible: half a record would spoil the
    /// next one, which is appended behind it after a restart.
    func append(_ data: [UInt8]) throws(Failure) {
        let start = lseek(descriptor, 0, SEEK_END)
        var written = 0
        while written < data.count {
            let count = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count >= 0 {
                written += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: waitForRoom()
            default:
                let failure = Self.failure("write to", name)
                if written > 0, start >= 0 { ftruncate(descriptor, start) }
                throw failure
            }
        }
    }

    /// Returns once what was written would survive a power cut.
    func synchronize() throws(Failure) {
        // EINVAL: a pipe, a terminal or a device, which keep nothing.
        guard fdatasync(descriptor) == 0 || errno == EINVAL else { throw Self.failure("synchronize", name) }
    }

    /// A pipe that another process has made non-blocking.
    private func waitForRoom() {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&entry, 1, 1_000)
    }

    private static func makeFolders(for path: String) throws(Failure) {
        var folder = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            folder += "\(part)/"
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST || errno == EISDIR || errno == EROFS else {
                throw failure("create the folder", folder)
            }
        }
    }

    /// Without it, a power cut may take a new file's name away (fsync(2)).
    private static func synchronizeFolder(of path: String) throws(Failure) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("synchronize", folder) }
    }

    private static func failure(_ verb: String, _ name: String) -> Failure {
        let reason = String(cString: strerror(errno))
        return Failure("output_failed", "cannot \(verb) \(name): \(reason)")
    }
}

/// Standard output, whatever the path.
struct StandardOutputStream: ByteOutput {
    private let file = OutputFile(standardOutput: ())

    func write(_ data: [UInt8], to path: String) throws(Failure) { try file.append(data) }
    /// Whoever reads a pipe has what was written.
    func synchronize() throws(Failure) {}
}
