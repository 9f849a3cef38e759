import Dispatch
import Glibc

/// Runs a command of the AWS configuration (`credential_process`) and takes what it writes to its standard output.
enum Command {
    /// Commands ask identity providers, some of them over slow networks.
    private static let timeoutMilliseconds: Int32 = 60_000
    private static let longestOutput = 1 << 20

    static func run(_ command: String, variables: [String: String]) async throws(CommandError) -> [UInt8] {
        // Waiting for a process blocks its thread, so it must not be one of the few that tasks run on.
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: waited(command, variables: variables)) }
        }
        return try result.get()
    }

    private static func waited(_ command: String, variables: [String: String]) -> Result<[UInt8], CommandError> {
        var descriptors: [Int32] = [0, 0]
        guard pipe(&descriptors) == 0 else { return .failure(CommandError(reason: "no pipe: errno \(errno)")) }
        let (reading, writing) = (descriptors[0], descriptors[1])
        // Another command that is started meanwhile must not hold this pipe open.
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        defer { close(reading) }

        let process = spawned(command, variables: variables, output: writing)
        close(writing)
        guard let process else { return .failure(CommandError(reason: "the shell could not be started")) }

        let output = collected(reading)
        if output == nil { kill(process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        guard let output else { return .failure(CommandError(reason: "it did not end within a minute, or printed too much")) }
        let exitCode = status & 0x7F == 0 ? status >> 8 & 0xFF : -1
        return exitCode == 0 ? .success(output) : .failure(CommandError(reason: "it failed with exit status \(exitCode)"))
    }

    private static func spawned(_ command: String, variables: [String: String], output: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)

        let arguments = copied(["sh", "-c", command])
        let environment = copied(variables.map { "\($0.key)=\($0.value)" })
        defer { (arguments + environment).forEach { free($0) } }
        var process: pid_t = 0
        return posix_spawn(&process, "/bin/sh", &actions, nil, arguments, environment) == 0 ? process : nil
    }

    /// C strings that the caller frees, ended by a null.
    private static func copied(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { text -> UnsafeMutablePointer<CChar>? in strdup(text) } + [nil]
    }

    /// Everything until the end of the output; nil when it takes too long or does not end.
    private static func collected(_ descriptor: Int32) -> [UInt8]? {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        let deadline = ContinuousClock.now + .milliseconds(Int(timeoutMilliseconds))
        while output.count <= longestOutput {
            let left = deadline - ContinuousClock.now
            guard left > .zero else { return nil }
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, Int32(left / .milliseconds(1)) + 1) > 0 || errno == EINTR else { return nil }
            guard polled.revents != 0 else { continue }
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return output }
            if count < 0 {
                guard errno == EINTR else { return nil }
                continue
            }
            output += chunk[..<count]
        }
        return nil
    }
}
