import Patterns
import Testing

@Suite("Regular expressions")
struct PatternTests {
    private func match(_ pattern: String, _ text: String, from offset: Int = 0) throws -> [String?]? {
        let pattern = try Pattern(pattern)
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { pattern.firstMatch(in: $0, from: offset) }?
            .map { $0.map { String(decoding: bytes[$0], as: UTF8.self) } }
    }

    @Test("a pattern matches anywhere unless it is anchored")
    func matches() throws {
        #expect(try Pattern("b+").matches("abbc"))
        #expect(try !Pattern("^b+").matches("abbc"))
        #expect(try Pattern("").matches(""))
        #expect(try Pattern("^.$").matches("é"))
    }

    @Test("groups lie where they matched, and those that took no part lie nowhere")
    func groups() throws {
        #expect(try match("(?P<word>[a-z]+)=(\\d+)?", "key=") == ["key=", "key", nil])
        #expect(try match("(x*)y", "y") == ["y", ""])
        #expect(try match("a", "aba", from: 1) == ["a"])
        #expect(try match("b", "a") == nil)
        #expect(try match("()", "") == ["", ""])
        #expect(try Pattern("(?P<word>a)(b)").groupNames == ["word", nil])
    }

    @Test(
        "what is malformed or too large is refused with a reason",
        arguments: [
            ("(a", "missing )"), ("a{2000}", "invalid repetition size"), ("(?=a)", "invalid perl operator"),
            ("((a{100}){100}){100}", ""), (String(repeating: "a", count: 4_097), "at most 4096 bytes"),
            (String(repeating: "(a)", count: 65), "at most 64 groups"),
        ])
    func refused(source: String, reason: String) throws {
        let error = #expect(throws: Pattern.Malformed.self) { try Pattern(source) }
        #expect(try #require(error).reason.contains(reason))
        #expect(try !#require(error).reason.isEmpty)
    }

    @Test("the classic pattern that backtracks forever ends")
    func linear() throws {
        #expect(try !Pattern("^(a+)+$").matches(String(repeating: "a", count: 100_000) + "b"))
    }
}
