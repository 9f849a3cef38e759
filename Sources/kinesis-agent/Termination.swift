import ArgumentParser
import Glibc
import Kinesis
import Leasing
import Logging
import Records
import UnixSignals

/// How commands that run for long come to their end.
enum Termination {
    /// Interrupted twice: the shell's code for a command that SIGINT ended.
    private static let interrupted = ExitCode(130)

    /// Runs `body` with a latch that the first SIGTERM or SIGINT opens; the second cancels it. A failure is told in one place, and ends
    /// the command with 1.
    static func drainingOnSignals(_ logger: Logger, _ body: @escaping @Sendable (Latch) async throws -> Void) async throws {
        // A reader of stdout that went away is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let draining = Latch()
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await body(draining)
                } catch  where !Task.isCancelled {
                    throw report(error)
                } catch {}
                return true
            }
            group.addTask {
                for await signal in signals {
                    if draining.isOpen { return false }
                    logger.info("draining; a second signal aborts", metadata: ["signal": "\(signal)"])
                    draining.open()
                }
                return true
            }
            let isDone = try await group.next() ?? true
            group.cancelAll()
            if !isDone { throw interrupted }
        }
    }

    /// Tells a person what went wrong.
    static func report(_ error: any Error) -> any Error {
        let failure: Failure
        switch error {
        case let known as Failure: failure = known
        case let known as KinesisError: failure = known.failure
        case is ExitCode, is ValidationError, is CleanExit: return error
        default: failure = Failure("unexpected", "\(error)")
        }
        StandardError.write("error[\(failure.code)]: \(failure.message)\n")
        if let hint = failure.hint { StandardError.write("  = help: \(hint)\n") }
        return ExitCode.failure
    }
}
