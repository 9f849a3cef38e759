import Records
import Testing

@testable import Checkpoints

@Suite("A call that has to be repeated")
struct CallRetryTests {
    private func error(_ text: String) -> Result<RESPValue, LinkFailure> { .success(.error(RESPError(text: text))) }

    @Test("goes where the slot is: for good, or for this once")
    func redirections() throws {
        var retry = CallRetry(isIdempotent: false, isCluster: true)
        guard case .again(let moved?, pause: .zero, refresh: true) = retry.verdict(on: error("MOVED 3999 10.0.0.1:6381")) else {
            Issue.record("MOVED is not followed")
            return
        }
        #expect(moved.slot == 3_999 && moved.host == "10.0.0.1" && moved.port == 6_381 && !moved.isAsking)
        guard case .again(let asked?, pause: .zero, refresh: false) = retry.verdict(on: error("ASK 3999 :6382")) else {
            Issue.record("ASK is not followed")
            return
        }
        #expect(asked.host == nil && asked.port == 6_382 && asked.isAsking)
        #expect(Redirection(RESPError(text: "MOVED 1 [fe80::1]:6379"))?.host == "fe80::1")
    }

    @Test("is not sent around for ever")
    func redirectionsEnd() {
        var retry = CallRetry(isIdempotent: true, isCluster: true)
        for _ in 0..<CallRetry.redirectionsMax { #expect(retry.verdict(on: error("MOVED 1 a:1")) != .over) }
        #expect(retry.verdict(on: error("MOVED 1 a:1")) == .over)
    }

    @Test("is not redirected by a server that is taken for no cluster")
    func noCluster() {
        var retry = CallRetry(isIdempotent: true, isCluster: false)
        #expect(retry.verdict(on: error("MOVED 1 a:1")) == .over)
        #expect(retry.verdict(on: .failure(.unreachable("refused"))) == .over)
    }

    @Test("waits, longer each time, for what passes by itself", arguments: [false, true])
    func temporary(_ isCluster: Bool) {
        let texts = [
            "LOADING Redis is loading the dataset in memory", "READONLY You can't write against a read only replica.",
            "MASTERDOWN Link with MASTER is down", "TRYAGAIN Multiple keys request during rehashing of slot",
            "CLUSTERDOWN Hash slot not served",
            "BUSY Redis is busy running a script.", "ERR Script attempted to access a non local key in a cluster node script: 0",
            "ERR Error running script (call to f_0): @user_script:3: @user_script: 3: -READONLY You can't write against a read only replica.",
        ]
        for text in texts {
            var retry = CallRetry(isIdempotent: false, isCluster: isCluster)
            #expect(retry.verdict(on: error(text)) == .again(nil, pause: .milliseconds(50), refresh: isCluster), "\(text)")
            #expect(retry.verdict(on: error(text)) == .again(nil, pause: .milliseconds(100), refresh: isCluster))
            for _ in 0..<20 { _ = retry.verdict(on: error(text)) }
            #expect(retry.verdict(on: error(text)) == .again(nil, pause: .seconds(1), refresh: isCluster))
        }
    }

    @Test("is over with an answer, and with an error that stays")
    func over() {
        var retry = CallRetry(isIdempotent: true, isCluster: true)
        #expect(retry.verdict(on: .success(.integer(1))) == .over)
        for text in ["NOPERM no", "WRONGTYPE no", "ERR unknown command", "NOSCRIPT No matching script", "MOVED nonsense"] {
            #expect(retry.verdict(on: error(text)) == .over, "\(text)")
        }
        #expect(retry.verdict(on: .failure(.refused("password"))) == .over)
        #expect(retry.verdict(on: .failure(.closed)) == .over)
    }

    @Test("is sent to a cluster again where its answer was lost, once, if that does no harm")
    func lost() {
        var retry = CallRetry(isIdempotent: true, isCluster: true)
        #expect(retry.verdict(on: .failure(.ambiguous("cut"))) != .over)
        #expect(retry.verdict(on: .failure(.ambiguous("cut"))) == .over)
        var single = CallRetry(isIdempotent: false, isCluster: true)
        #expect(single.verdict(on: .failure(.ambiguous("cut"))) == .over)
        // One that was not sent may be sent however often.
        for _ in 0..<5 { #expect(single.verdict(on: .failure(.unreachable("refused"))) != .over) }
    }
}
