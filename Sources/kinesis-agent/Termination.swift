import Agent
import ArgumentParser
import Glibc
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
                var isRepeated = false
                for await signal in signals {
                    if isRepeated { return false }
                    isRepeated = true
                    logger.info("draining; a second signal aborts", metadata: ["signal": "\(name(of: signal))"])
                    draining.open()
                }
                return true
            }
            let isDone = try await group.next() ?? true
            group.cancelAll()
            if !isDone {
                exitSoon()
                throw interrupted
            }
        }
    }

    /// A write that blocks cannot be cancelled, and nothing that is half done needs more time than this.
    private static func exitSoon() {
        Task.detached {
            try? await Task.sleep(for: .seconds(1))
            exit(interrupted.rawValue)
        }
    }

    private static func name(of signal: UnixSignal) -> String {
        signal == .sigint ? "SIGINT" : "SIGTERM"
    }

    /// Tells a person what went wrong.
    static func report(_ error: any Error) -> any Error {
        if error is ExitCode || error is ValidationError || error is CleanExit { return error }
        let failure = Failure(reporting: error)
        StandardError.write("error[\(failure.code)]: \(failure.message)\n")
        if let hint = failure.hint { StandardError.write("  = help: \(hint)\n") }
        return ExitCode.failure
    }
}
