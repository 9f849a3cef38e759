import Synchronization
import Testing

@testable import Kinesis

@Suite("Refreshing credentials")
struct CredentialRefreshTests {
    private let now: Int64 = 1_000_000

    private func credentials(_ identifier: String = "a", minutes: Int64?) -> Credentials {
        Credentials(
            key: StaticCredentials(accessKeyID: identifier, secretAccessKey: "s"), expiresAt: minutes.map { now + $0 * 60 }, source: "t")
    }

    private func loaded(_ credentials: Credentials) -> CredentialRefresh {
        var refresh = CredentialRefresh()
        #expect(refresh.request(now: now) == .loadAndWait)
        refresh.loaded(credentials, now: now, jitter: 0)
        return refresh
    }

    @Test("the first caller loads, the others wait for it")
    func singleFlight() {
        var refresh = CredentialRefresh()
        #expect(refresh.request(now: now) == .loadAndWait)
        #expect(refresh.request(now: now) == .wait)
        refresh.loaded(credentials(minutes: nil), now: now, jitter: 0)
        #expect(refresh.request(now: now + 1 << 40) == .use(credentials(minutes: nil)))
    }

    @Test("at 15 minutes before the end a load begins beside, at 10 minutes callers wait for it")
    func windows() {
        let key = credentials(minutes: 60)
        var refresh = loaded(key)
        #expect(refresh.request(now: now + 45 * 60 - 1) == .use(key))
        #expect(refresh.request(now: now + 45 * 60) == .useAndLoad(key))
        #expect(refresh.request(now: now + 45 * 60) == .use(key))
        #expect(refresh.request(now: now + 50 * 60) == .wait)
        var later = loaded(key)
        #expect(later.request(now: now + 50 * 60) == .loadAndWait)
    }

    @Test("a failed load leaves credentials in use until they end, and is not repeated at once")
    func failures() {
        let key = credentials(minutes: 60)
        var refresh = loaded(key)
        let time = now + 46 * 60
        #expect(refresh.request(now: time) == .useAndLoad(key))
        #expect(refresh.failed(now: time) == key)
        #expect(refresh.request(now: time) == .use(key))
        #expect(refresh.request(now: time + 59) == .use(key))
        #expect(refresh.request(now: time + 60) == .useAndLoad(key))
        #expect(refresh.failed(now: now + 60 * 60) == nil)
        #expect(refresh.request(now: now + 60 * 60) == .loadAndWait)
    }

    @Test("a first load that fails is tried again by the next caller")
    func firstFailure() {
        var refresh = CredentialRefresh()
        #expect(refresh.request(now: now) == .loadAndWait)
        #expect(refresh.failed(now: now) == nil)
        #expect(refresh.request(now: now) == .loadAndWait)
    }

    @Test("ended credentials of a metadata service in trouble are used on, and it is asked again minutes later")
    func outage() {
        let ended = credentials(minutes: -5)
        var refresh = loaded(ended)
        #expect(refresh.request(now: now) == .use(ended))
        #expect(refresh.request(now: now + 12 * 60 - 1) == .use(ended))
        #expect(refresh.request(now: now + 12 * 60) == .loadAndWait)
        refresh.loaded(ended, now: now, jitter: 0.999)
        #expect(refresh.request(now: now + 19 * 60) == .use(ended))
        #expect(refresh.request(now: now + 20 * 60) == .loadAndWait)
    }

    @Test("credentials with less life than the window are not loaded at every call")
    func shortLived() {
        let key = credentials(minutes: 5)
        var refresh = loaded(key)
        #expect(refresh.request(now: now + 1) == .use(key))
        #expect(refresh.request(now: now + 60) == .loadAndWait)
    }

    @Test("credentials that the service refused are loaded again, once for all who used them")
    func rejection() {
        let (old, new) = (credentials("old", minutes: 60), credentials("new", minutes: 60))
        var refresh = loaded(old)
        refresh.rejected(old)
        #expect(refresh.request(now: now) == .loadAndWait)
        refresh.loaded(new, now: now, jitter: 0)
        refresh.rejected(old)
        #expect(refresh.request(now: now) == .use(new))
    }

    @Test("many callers at once cost one load")
    func manyCallers() async throws {
        let source = CountingSource(result: .found(credentials(minutes: nil)))
        let refreshing = RefreshingCredentials(CredentialChain([source]), now: { 0 })
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 { group.addTask { _ = try await refreshing.current() } }
            try await group.waitForAll()
        }
        #expect(source.loads == 1)
    }

    private final class CountingSource: CredentialSource {
        let name = "counting"
        private let result: CredentialOutcome
        private let count = Mutex(0)

        init(result: CredentialOutcome) {
            self.result = result
        }

        var loads: Int { count.withLock { $0 } }

        func load() async -> CredentialOutcome {
            count.withLock { $0 += 1 }
            await Task.yield()
            return result
        }
    }
}

@Suite("Commands for credentials")
struct CommandTests {
    @Test("a command's output is taken, with the variables given and no input")
    func output() async throws {
        let variables = ["GREETING": "hello", "PATH": "/usr/bin:/bin"]
        #expect(try await Command.run("printf '%s' \"$GREETING\"; cat", variables: variables) == Array("hello".utf8))
    }

    @Test("output beyond a pipe's buffer arrives whole")
    func longOutput() async throws {
        #expect(try await Command.run("head -c 300000 /dev/zero", variables: ["PATH": "/usr/bin:/bin"]).count == 300_000)
    }

    @Test(
        "a command that fails or never stops printing is an error",
        arguments: ["exit 3", "kill -9 $$", "no-such-command-here 2>/dev/null", "yes"])
    func failures(command: String) async {
        await #expect(throws: CommandError.self) { try await Command.run(command, variables: ["PATH": "/usr/bin:/bin"]) }
    }
}
