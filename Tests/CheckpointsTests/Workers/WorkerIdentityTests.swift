import Foundation
import Testing

@testable import Checkpoints

@Suite("Worker identities")
struct WorkerIdentityTests {
    private let here = WorkerIdentity(host: "box", boot: "b1", namespace: "4026531836", pid: 10, start: 1_000, random: "r")

    @Test("an identity is one printable word, another one at every call")
    func current() throws {
        let text = WorkerIdentity.current()
        #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) })
        #expect(text != WorkerIdentity.current())
        let identity = try #require(WorkerIdentity(text))
        #expect(identity.text == text)
        #expect(identity.pid == ProcessInfo.processInfo.processIdentifier)
        #expect(!LocalProcess.isGone(text))
    }

    @Test(
        "names of another form are not identities",
        arguments: [
            "", "worker-1", "a:b:c:1:2", "a:b:c:1:2:r:x", "a:b:c:x:2:r", "a:b:c:1:x:r", "a:b:c:0:2:r", "a:b:c:-1:2:r", "a::c:1:2:r",
        ])
    func malformed(_ text: String) {
        #expect(WorkerIdentity(text) == nil)
        #expect(!WorkerIdentity.isGone(text, seenFrom: here) { _, _ in false })
    }

    @Test("a neighbour without a process is gone, one with a process is not")
    func neighbours() {
        let worker = "box:b1:4026531836:77:5000:abc"
        #expect(WorkerIdentity.isGone(worker, seenFrom: here) { _, _ in false })
        #expect(!WorkerIdentity.isGone(worker, seenFrom: here) { pid, start in pid == 77 && start == 5_000 })
        #expect(WorkerIdentity.isGone(worker, seenFrom: here) { pid, start in pid == 77 && start == 5_001 })
    }

    @Test(
        "nobody elsewhere is gone, since nothing can be known of them",
        arguments: ["other:b1:4026531836:77:5000:abc", "box:b2:4026531836:77:5000:abc", "box:b1:4026532000:77:5000:abc"])
    func elsewhere(_ worker: String) {
        #expect(!WorkerIdentity.isGone(worker, seenFrom: here) { _, _ in false })
    }

    @Test("without procfs nobody is gone")
    func untraceable() {
        var blind = WorkerIdentity(host: "box", boot: "-", namespace: "-", pid: 10, start: 0, random: "r")
        #expect(!WorkerIdentity.isGone("box:-:-:77:0:abc", seenFrom: blind) { _, _ in false })
        blind.random = "s"
        #expect(blind.text == "box:-:-:10:0:s")
    }

    @Test("a line of /proc/pid/stat is read behind any name of a program")
    func statLine() {
        let rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987654 20 21"
        #expect(ProcessStatus(line: "42 (swift) \(rest)")?.start == 987_654)
        #expect(ProcessStatus(line: "42 (a) Z 0 (b) \(rest)")?.state == "S")
        #expect(ProcessStatus(line: "42 (zombie) Z\(rest.dropFirst())")?.hasExited == true)
        #expect(ProcessStatus(line: "42 (short) S 1 2") == nil)
        #expect(ProcessStatus(line: "") == nil)
    }

    @Test("a process that was killed is gone, and one that started later under its pid is another")
    func killed() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sleep")
        process.arguments = ["600"]
        try process.run()
        let status = try #require(ProcessStatus(pid: process.processIdentifier))
        #expect(LocalProcess.isAlive(pid: process.processIdentifier, start: status.start))
        #expect(!LocalProcess.isAlive(pid: process.processIdentifier, start: status.start + 1))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(!LocalProcess.isAlive(pid: process.processIdentifier, start: status.start))
    }
}
