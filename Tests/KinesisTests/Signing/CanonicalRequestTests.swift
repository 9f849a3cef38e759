import Testing

@testable import Kinesis

@Suite("Canonical requests")
struct CanonicalRequestTests {
    private func lines(_ url: String, headers: [(name: String, value: String)] = []) throws -> [Substring] {
        let url = try #require(EndpointURL(url))
        return CanonicalRequest(method: "GET", url: url, headers: headers, bodyHash: "hash").text
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test(
        "paths are resolved and escaped a second time",
        arguments: [
            ("http://h", "/"), ("http://h/", "/"), ("http://h/a//b/", "/a/b/"), ("http://h/a/./b/../c", "/a/c"), ("http://h/..", "/"),
            ("http://h/x%20y", "/x%2520y"), ("http://h/-._~", "/-._~"), ("http://h/é", "/%C3%A9"), ("http://h/a/..", "/"),
        ])
    func paths(url: String, path: String) throws {
        #expect(try lines(url)[1] == path)
    }

    @Test(
        "queries are sorted by name and value, and left as they are",
        arguments: [
            ("http://h/?b=2&a=1", "a=1&b=2"), ("http://h/?a=2&a=1", "a=1&a=2"), ("http://h?flag", "flag="),
            ("http://h/?X=%C3%A9", "X=%C3%A9"),
            ("http://h/?B=1&a=1", "B=1&a=1"), ("http://h/?a=x=y", "a=x=y"),
        ])
    func queries(url: String, query: String) throws {
        #expect(try lines(url)[2] == query)
    }

    @Test("headers are lowered, sorted and folded; what proxies change is left out")
    func headers() throws {
        let lines = try lines(
            "http://h",
            headers: [
                ("X-B", "  two   spaces \t in "), ("Connection", "close"), ("A", "1"), ("Expect", "100-continue"), ("x-amzn-trace-id", "t"),
            ])
        #expect(lines[3...] == ["a:1", "x-b:two spaces in", "", "a;x-b", "hash"])
    }
}

@Suite("Endpoint URLs")
struct EndpointURLTests {
    @Test(
        "the host header keeps only ports that are not the scheme's own",
        arguments: [
            ("https://kinesis.eu-west-1.amazonaws.com", "kinesis.eu-west-1.amazonaws.com"), ("http://localhost:80/", "localhost"),
            ("https://h:443", "h"), ("https://h:80", "h:80"), ("http://H.Example:4567", "h.example:4567"),
            ("http://[::1]:4566/", "[::1]:4566"),
            ("HTTP://h", "h"),
        ])
    func authority(text: String, authority: String) throws {
        #expect(try #require(EndpointURL(text)).authority == authority)
    }

    @Test(
        "what is no http URL is refused",
        arguments: [
            "", "localhost:4567", "ftp://h", "http://", "http:///x", "http://user:pw@h", "http://h:0", "http://h:65536", "http://h:x",
            "http://h/a b",
            "http://h/#f", "http://[::1", "http://[]", "http://h\r\nX: y", "http://[::1]x",
        ])
    func refused(text: String) {
        #expect(EndpointURL(text) == nil)
    }
}
