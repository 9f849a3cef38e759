import Glibc
import Kinesis
import Leasing
import Logging
import Metrics
import Pipeline
import Records
import Synchronization

/// Runs a command after every flush, beside the delivery: it can be slow, fail or hang without holding back a record.
final class FlushCommand: Sendable {
    private struct State {
        var waiting: [FlushOutcome] = []
        /// No outcome will come any more; those that wait have until then.
        var end: ContinuousClock.Instant?
        /// Opened, and replaced, whenever an outcome has come.
        var news = Latch()
    }

    /// What bounds the commands of one sink.
    struct Limits: Sendable {
        /// A command that takes longer is killed.
        var timeout = Duration.seconds(30)
        /// Commands at once.
        var concurrency = 4
        /// Outcomes that wait for one; further ones are dropped, with a warning.
        var waiting = 64
    }

    private let command: ChildProcess
    private let limits: Limits
    private let context: SinkContext
    private let metrics: FlushCommandMetrics
    private let state = Mutex(State())

    init(_ setting: CommandSetting, limits: Limits = Limits(), context: SinkContext) {
        command = ChildProcess(arguments: setting.arguments)
        self.limits = limits
        self.context = context
        metrics = FlushCommandMetrics(pipeline: context.pipeline, node: context.node)
    }

    /// Takes an outcome on, and returns at once.
    func flushed(_ outcome: FlushOutcome) {
        let isTaken = state.withLock { state in
            guard state.waiting.count < limits.waiting else { return false }
            state.waiting.append(outcome)
            state.news.open()
            return true
        }
        guard !isTaken else { return }
        metrics.dropped.increment()
        context.logger.warning(
            "an outcome was not told to after_flush: its commands take too long", metadata: ["waiting": "\(limits.waiting)"])
    }

    /// No outcome will come any more.
    func finish() {
        state.withLock { state in
            state.end = .now + limits.timeout
            state.news.open()
        }
    }

    /// Runs commands until `finish` was called and all that wait have had theirs, or one more time limit has passed; with the task's
    /// cancellation they are killed.
    func run() async {
        await withDiscardingTaskGroup { workers in
            for _ in 0..<limits.concurrency { workers.addTask { await self.work() } }
        }
    }

    private func work() async {
        while let outcome = await next() { await tell(outcome) }
    }

    private func next() async -> FlushOutcome? {
        while !Task.isCancelled {
            let (outcome, news) = state.withLock { state -> (FlushOutcome?, Latch?) in
                if let end = state.end, end <= .now {
                    metrics.dropped.increment(by: Int64(state.waiting.count))
                    state.waiting = []
                }
                if !state.waiting.isEmpty { return (state.waiting.removeFirst(), nil) }
                if state.end != nil { return (nil, nil) }
                if state.news.isOpen { state.news = Latch() }
                return (nil, state.news)
            }
            guard let news else { return outcome }
            await news.wait()
        }
        return nil
    }

    private func tell(_ outcome: FlushOutcome) async {
        let input = outcome.json(pipeline: context.pipeline, node: context.node)
        let (end, complaint) = await command.run(input: input, timeout: limits.timeout)
        guard end != .exited(0) else { return metrics.succeeded.increment() }
        guard !Task.isCancelled else { return }
        metrics.failed.increment()
        var metadata: Logger.Metadata = ["command": "\(command.arguments[0])", "reason": "\(Self.reason(end, limits))"]
        if !complaint.isEmpty { metadata["stderr"] = "\(complaint)" }
        context.logger.warning("after_flush has failed; the records are delivered all the same", metadata: metadata)
    }

    private static func reason(_ end: ChildProcess.End, _ limits: Limits) -> String {
        switch end {
        case .exited(let code): "exit status \(code)"
        case .killed(let signal): "killed by signal \(signal)"
        case .timedOut: "it took longer than \(limits.timeout.text)"
        case .notStarted(let code): "it could not be started: \(String(cString: strerror(code)))"
        }
    }
}
