#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the operating system says about the processes of this machine.
enum LocalProcess {
    /// This process; without the random part.
    static let identity: WorkerIdentity = {
        let pid = getpid()
        return WorkerIdentity(
            host: hostName(), boot: bootID() ?? WorkerIdentity.unknown, namespace: pidNamespace() ?? WorkerIdentity.unknown, pid: pid,
            start: ProcessStatus(pid: pid)?.start ?? 0, random: "0")
    }()

    /// Whether the process that started then still runs; true when that cannot be known.
    static func isAlive(pid: Int32, start: UInt64) -> Bool {
        // Under procfs's hidepid the files of others are invisible while the process lives: only ESRCH says that it does not.
        if kill(pid, 0) != 0, errno == ESRCH { return false }
        guard let status = ProcessStatus(pid: pid) else { return true }
        return status.start == start && !status.hasExited
    }

    static func isGone(_ worker: String) -> Bool {
        WorkerIdentity.isGone(worker, seenFrom: identity, isAlive: isAlive)
    }

    private static func hostName() -> String {
        // POSIX allows 255 bytes (HOST_NAME_MAX) and leaves it open whether a cut name is terminated.
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return WorkerIdentity.unknown }
        let name = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let safe = name.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        return safe.isEmpty ? WorkerIdentity.unknown : String(decoding: safe, as: UTF8.self)
    }

    private static func bootID() -> String? {
        let text = ProcFile.contents("/proc/sys/kernel/random/boot_id").map { $0.filter { $0.isHexDigit || $0 == "-" } }
        return text?.isEmpty == false ? text : nil
    }

    /// The link reads `pid:[4026531836]`.
    private static func pidNamespace() -> String? {
        var bytes = [CChar](repeating: 0, count: 64)
        let count = readlink("/proc/self/ns/pid", &bytes, bytes.count)
        guard count > 0 else { return nil }
        let digits = bytes.prefix(count).map { UInt8(bitPattern: $0) }.filter { (0x30...0x39).contains($0) }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }
}

/// A line of `/proc/pid/stat` (proc(5)).
struct ProcessStatus: Hashable {
    /// Field 3.
    var state: Character
    /// Field 22: clock ticks after boot.
    var start: UInt64

    /// Killed, and not yet waited for by its parent.
    var hasExited: Bool { state == "Z" || state == "X" || state == "x" }

    init?(pid: Int32) {
        guard let line = ProcFile.contents("/proc/\(pid)/stat") else { return nil }
        self.init(line: line)
    }

    /// The second field, the program's name in parentheses, may itself hold spaces and parentheses: count from the last one.
    init?(line: String) {
        guard let end = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let state = fields[0].first, let start = UInt64(fields[19]) else { return nil }
        self.state = state
        self.start = start
    }
}

private enum ProcFile {
    /// Files of procfs have no size to ask for; those read here are far below a page.
    static func contents(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
