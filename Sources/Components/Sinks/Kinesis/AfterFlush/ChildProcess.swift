import CLinux
import FoundationEssentials
import Glibc
import Records

/// A command that is given its input as a file and may only run for so long.
struct ChildProcess: Sendable {
    enum End: Sendable, Hashable {
        case exited(Int32)
        case killed(signal: Int32)
        case timedOut
        case notStarted(errno: Int32)
    }

    /// The program and its arguments; a program without a slash is looked for on the PATH.
    let arguments: [String]

    /// The last words of a command that failed: more would fill the log.
    private static let longestComplaint = 1024
    private static let longestPoll = Duration.milliseconds(50)

    /// How it ended, and what it wrote to its standard error, cut short. With the task's cancellation it is killed.
    func run(input: [UInt8], timeout: Duration) async -> (end: End, complaint: String) {
        let (stdin, stderr) = (linux_memory_file("stdin"), linux_memory_file("stderr"))
        defer { for file in [stdin, stderr] where file >= 0 { close(file) } }
        guard stdin >= 0, stderr >= 0, Self.fill(stdin, with: input) else { return (.notStarted(errno: errno), "") }
        switch start(stdin: stdin, stderr: stderr) {
        case .failure(let error): return (.notStarted(errno: error.code), "")
        case .success(let process):
            let end = await Self.end(of: process, within: timeout)
            return (end, Self.text(of: stderr))
        }
    }

    private struct SpawnError: Error { var code: Int32 }

    private func start(stdin: Int32, stderr: Int32) -> Result<pid_t, SpawnError> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, stdin, STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, stderr, STDERR_FILENO)
        // A group of its own, so that what it has started ends with it, and a Ctrl-C for the agent is none for it. The agent's own
        // handling of signals is nothing that a command expects.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)

        let strings = Self.copied(arguments)
        let environment = Self.copied(ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" })
        defer { (strings + environment).forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, arguments[0], &actions, &attributes, strings, environment)
        return code == 0 ? .success(process) : .failure(SpawnError(code: code))
    }

    /// C strings that the caller frees, ended by a null.
    private static func copied(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { text -> UnsafeMutablePointer<CChar>? in strdup(text) } + [nil]
    }

    private static func end(of process: pid_t, within timeout: Duration) async -> End {
        let deadline = ContinuousClock.now + timeout
        var pause = Duration.milliseconds(1)
        while true {
            var status: Int32 = 0
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process {
                let signal = status & 0x7F
                return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
            }
            // Not a child any more: somebody else has waited for it.
            if ended < 0, errno != EINTR { return .exited(0) }
            let isCancelled = (try? await Task.sleep(for: pause)) == nil
            if isCancelled || ContinuousClock.now >= deadline {
                kill(-process, SIGKILL)
                while waitpid(process, &status, 0) < 0, errno == EINTR {}
                return .timedOut
            }
            pause = min(pause * 2, longestPoll)
        }
    }

    private static func fill(_ file: Int32, with bytes: [UInt8]) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return lseek(file, 0, SEEK_SET) == 0
    }

    private static func text(of file: Int32) -> String {
        let bytes = [UInt8](unsafeUninitializedCapacity: longestComplaint) { buffer, count in
            count = max(0, pread(file, buffer.baseAddress, buffer.count, 0))
        }
        return String(String(decoding: bytes, as: UTF8.self).split(separator: "\n").joined(separator: " | "))
    }
}
