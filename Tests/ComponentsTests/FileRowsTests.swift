import Coordination
import Records
import Testing

@testable import Components

@Suite("A file's name in the store")
struct FileRowsTests {
    private let file = InputFile.Identity(device: 0x10, inode: 7, birth: 0xAB)

    private func row(_ name: String, at offset: UInt64) -> Lease { Lease(shard: name, position: Position(offset: offset)) }

    @Test("tells files apart that share an inode one after the other")
    func birth() {
        let later = InputFile.Identity(device: 0x10, inode: 7, birth: 0xAC)
        #expect(FileKey(identity: file).text != FileKey(identity: later).text)
        #expect(FileRows([row(FileKey(identity: later).text, at: 9)]).latest(of: file) == nil)
    }

    @Test("is that of its latest generation, by number")
    func latest() {
        let rows = FileRows([row("10-7-ab.9", at: 1), row("10-7-ab.10", at: 2), row("10-7-ab.2", at: 3), row("nonsense", at: 4)])
        #expect(rows.latest(of: file)?.shard == "10-7-ab.10")
        #expect(rows.key(of: file, size: 2).generation == 10)
    }

    @Test("is a new one where the file is shorter than what was read of it")
    func truncated() {
        let rows = FileRows([row("10-7-ab.3", at: 100)])
        #expect(rows.key(of: file, size: 100).generation == 3)
        #expect(rows.key(of: file, size: 99).generation == 4)
    }

    @Test("is the first one where the store does not know it")
    func unknown() {
        #expect(FileRows([]).key(of: file, size: 0) == FileKey(identity: file))
    }
}

@Suite("Patterns of paths")
struct FilePatternsTests {
    @Test("give each path once, without those that are left out")
    func expand() throws {
        let folder = try TemporaryFolder()
        for name in ["a.log", "b.log", "b.log.gz", "c.txt"] { try folder.write("", to: name) }
        let patterns = FilePatterns(include: [folder.file("*.log*"), folder.file("b*")], exclude: ["*.gz"])
        #expect(patterns.expand() == [folder.file("a.log"), folder.file("b.log")])
    }

    @Test("of nothing give nothing")
    func nothing() throws {
        let folder = try TemporaryFolder()
        #expect(FilePatterns(include: [folder.file("*")], exclude: []).expand().isEmpty)
    }
}
