import Glibc
import Records

/// A descriptor that is written to its end.
struct OutputFile: Sendable {
    private let descriptor: Int32
    private let name: String
    /// Pipes and terminals cannot be synchronized.
    private let isFile: Bool

    static let standardOutput = OutputFile(descriptor: STDOUT_FILENO, name: "standard output", isFile: false)

    private init(descriptor: Int32, name: String, isFile: Bool) {
        self.descriptor = descriptor
        self.name = name
        self.isFile = isFile
    }

    /// Opens a file for appending, creating it and its folders where they are missing.
    static func append(to path: String) throws(Failure) -> OutputFile {
        try makeFolders(for: path)
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("open", path) }
        return OutputFile(descriptor: descriptor, name: path, isFile: true)
    }

    func write(_ data: [UInt8]) throws(Failure) {
        var written = 0
        while written < data.count {
            let count = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count >= 0 { written += count } else if errno != EINTR { throw Self.failure("write to", name) }
        }
    }

    /// Returns once what was written would survive a power cut.
    func synchronize() throws(Failure) {
        guard isFile else { return }
        guard fdatasync(descriptor) == 0 else { throw Self.failure("synchronize", name) }
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

    private static func failure(_ verb: String, _ name: String) -> Failure {
        let reason = String(cString: strerror(errno))
        return Failure("output_failed", "cannot \(verb) \(name): \(reason)")
    }
}
