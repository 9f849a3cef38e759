import CLinux
import Glibc
import Records

/// A descriptor that is read from, closed with its last reference.
final class InputFile: Sendable {
    /// What tells one file from another on a machine, whatever its name.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
        /// Nanoseconds since 1970; 0 where the file system keeps no birth time.
        let birth: UInt64
    }

    static let standardInput = InputFile(descriptor: STDIN_FILENO, path: "standard input")

    private let descriptor: Int32
    let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    convenience init(opening path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        self.init(descriptor: descriptor, path: path)
    }

    func seek(to offset: UInt64) throws(Failure) {
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw Self.failure("seek in", path) }
    }

    /// Empty at the end.
    func read(atMost count: Int) throws(Failure) -> [UInt8] {
        while true {
            if let bytes = Self.filled(count, { Glibc.read(descriptor, $0, count) }) { return bytes }
            if errno != EINTR { throw Self.failure("read", path) }
        }
    }

    /// What can be had without waiting for a disk; nil where nothing can, be it the end.
    func readCached(atMost count: Int) -> [UInt8]? {
        let bytes = Self.filled(count) { linux_read_cached(descriptor, $0, count) }
        return bytes?.isEmpty == true ? nil : bytes
    }

    /// Nil with errno.
    private static func filled(_ count: Int, _ read: (UnsafeMutableRawPointer?) -> Int) -> [UInt8]? {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            result = read(buffer.baseAddress)
            initialized = max(result, 0)
        }
        return result >= 0 ? bytes : nil
    }

    func status() throws(Failure) -> (identity: Identity, size: UInt64) {
        guard let info = Self.inspect(descriptor, "") else { throw Self.failure("inspect", path) }
        return (Identity(info), info.size)
    }

    /// Nil when there is no regular file of that name, or no longer.
    static func identity(of path: String) -> Identity? {
        guard let info = inspect(AT_FDCWD, path), info.mode & S_IFMT == S_IFREG else { return nil }
        return Identity(info)
    }

    private static func inspect(_ descriptor: Int32, _ path: String) -> linux_file_status? {
        var info = linux_file_status()
        return linux_file_status_at(descriptor, path, &info) == 0 ? info : nil
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        Failure("input_failed", "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}

extension InputFile.Identity {
    fileprivate init(_ info: linux_file_status) {
        self.init(device: info.device, inode: info.inode, birth: info.birth)
    }
}
