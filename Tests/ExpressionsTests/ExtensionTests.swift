import OrderedCollections
import Records
import Testing

@testable import Expressions

@Suite("Regular expressions and networks")
struct ExtensionTests {
    @Test(
        "regular expressions",
        arguments: [
            ("record.customer.name.matches('^A.*a$')", Value.bool(true)), ("matches('abc', 'd')", .bool(false)),
            ("'x'.matches(record.status)", .bool(false)), ("regex.extract('id=42 ', 'id=(\\\\d+)').orValue('')", .string("42")),
            ("regex.extract('ab', 'b').value()", .string("b")), ("regex.extract('ab', 'c').hasValue()", .bool(false)),
            ("regex.extractAll('a1b22', '\\\\d+')", .list([.string("1"), .string("22")])),
            ("regex.extractAll('é', '')", .list([.string(""), .string("")])),
            (#"regex.replace('john smith', r'(\w+) (\w+)', r'\2 \1 \\')"#, .string(#"smith john \"#)),
            ("regex.replace('aaa', 'a', 'b', 2)", .string("bba")), ("regex.replace('aaa', 'a', 'b', 0)", .string("aaa")),
            ("regex.replace('abc', '', '-')", .string("-a-b-c-")),
        ])
    func patterns(source: String, expected: Value) throws {
        #expect(try value(of: source) == expected)
    }

    @Test(
        "what is wrong with a regular expression is found where it can be",
        arguments: [
            ("record.a.matches('(')", "this is no regular expression: missing ): ("),
            ("record.a.matches('(?=a)')", "this is no regular expression: invalid perl operator: (?="),
        ])
    func malformed(source: String, message: String) {
        #expect(rejection(of: source)?.message == message)
    }

    @Test("a regular expression of the record fails with it")
    func dynamicPattern() throws {
        #expect(try failure(of: "'x'.matches('(' + record.status)")?.message.contains("is no regular expression: missing )") == true)
        #expect(try failure(of: "regex.extract('a', '(a)(b)?')")?.message.contains("one group at most") == true)
        #expect(try failure(of: "regex.replace('a', 'a', r'\\1')")?.message.contains("no group 1") == true)
    }

    @Test(
        "addresses in their canonical notation",
        arguments: [
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"), ("::1:0:0:0:1", "::1:0:0:0:1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"), ("::ffff:c0a8:1", "192.168.0.1"), ("1::", "1::"),
        ])
    func canonical(text: String, expected: String) {
        #expect(IPAddress(text)?.text == expected)
    }

    @Test(
        "what is no address or range",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", ":::", "1:2:3:4:5:6:7:8:9", "fe80::1%eth0", "::ffff:1.2.3.4", " 1.2.3.4",
            "1.2.3.4\u{0}",
        ])
    func noAddress(text: String) {
        #expect(IPAddress(text) == nil)
        #expect(IPNetwork(text + "/8") == nil)
    }

    @Test(
        "what is no range",
        arguments: [
            "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/+8", "::/129", "::ffff:a00:1/8", "10.0.0.0/8/8",
        ])
    func noRange(text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test(
        "ranges",
        arguments: [
            ("cidr('10.0.0.0/8').containsIP(record.ip)", true), ("cidr('10.0.0.0/9').containsIP(record.ip)", false),
            ("cidr('0.0.0.0/0').containsCIDR('10.0.0.0/8')", true), ("cidr('::/0').containsIP('1.2.3.4')", false),
            ("cidr('::/0').masked() == cidr('::/0')", true), ("ip(record.ip) in [ip('10.200.0.1')]", true),
            ("string(cidr('10.0.0.1/8').masked()) == '10.0.0.0/8'", true),
        ])
    func ranges(source: String, expected: Bool) throws {
        let record = Record(.map(["ip": .string("10.200.0.1")]), origin: Origin(ReadPlace(source: "in")))
        #expect(try Program(parsing: source).evaluateCondition(record) == expected)
    }
}
