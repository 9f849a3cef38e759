import Glibc
import Records

/// The right of one process to use a folder, held until it is released or the process ends, however it ends.
///
/// The lock is the kernel's, on a file that names the holder; the name is for people and means nothing without the lock.
struct DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Throws a `Failure`: `state_in_use` when another process, or another server of this one, holds the folder.
    init(directory: String) throws(Failure) {
        let path = "\(directory)/embedded.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure("state_unusable", "\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.read(descriptor)
            close(descriptor)
            throw Failure(
                "state_in_use", "the embedded stream in \(directory) is in use by process \(holder)",
                hint: "One process serves a state folder. Run `kinesis-agent emulator`, which any number of clients can use, "
                    + "and give its URL as the endpoint; or choose another folder with --state")
        }
        let text = "\(getpid())\n"
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.utf8.count, 0) == text.utf8.count else {
            close(descriptor)
            throw Failure("state_unusable", "\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    func release() {
        // Not by closing alone: a process that is just being started may hold a copy of the descriptor for a moment.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func read(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        let digits = buffer.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? "of unknown number" : String(decoding: digits, as: UTF8.self)
    }
}
