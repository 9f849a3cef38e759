import Pipeline
import Records
import Testing
import Transforms

@Suite("parse")
struct ParseStepTests {
    private func parse(_ options: String, _ text: String) throws -> Value? {
        try Fixture.chain("parse: {\(options)}").output(.string(text))
    }

    @Test("JSON takes the place of the text")
    func json() throws {
        #expect(try parse("format: json", #"{"a": [1, 2.5]}"#) == .fields(["a": .list([.int(1), .double(2.5)])]))
        #expect(try parse("format: json", "[1]") == .list([.int(1)]))
        let log = Value.fields(["log": .string(#"{"level": "info"}"#), "pod": .string("p")])
        #expect(
            try Fixture.chain("parse: {format: json, field: log}").output(log)
                == .fields(["log": .fields(["level": .string("info")]), "pod": .string("p")]))
    }

    @Test("the result can go elsewhere, or beside the fields of the record")
    func into() throws {
        let log = Value.fields(["log": .string(#"{"level": "info", "pod": "q"}"#), "pod": .string("p")])
        #expect(
            try Fixture.chain("parse: {format: json, field: log, into: .}").output(log)
                == .fields(["pod": .string("q"), "level": .string("info")]))
        #expect(
            try Fixture.chain("parse: {format: logfmt, field: a, into: b.c}").output(.fields(["a": .string("x=1")]))
                == .fields(["a": .string("x=1"), "b": .fields(["c": .fields(["x": .string("1")])])]))
    }

    @Test("logfmt has bare, quoted and lone keys")
    func logfmt() throws {
        #expect(
            try parse("format: logfmt", #"level=info msg="it \"works\"" debug took=3ms empty= "#)
                == .fields([
                    "level": .string("info"), "msg": .string(#"it "works""#), "debug": .bool(true), "took": .string("3ms"),
                    "empty": .string(""),
                ]))
    }

    @Test("a row of CSV has quoted fields and another delimiter")
    func csv() throws {
        #expect(
            try parse("format: csv, columns: [a, b, c]", "1,\"x, \"\"y\"\"\",\r\n")
                == .fields(["a": .string("1"), "b": .string("x, \"y\""), "c": .string("")]))
        #expect(try parse("format: csv, columns: [a, b], delimiter: ';'", "1;2") == .fields(["a": .string("1"), "b": .string("2")]))
    }

    @Test("access logs, common and combined")
    func accessLog() throws {
        let common = #"127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a?b=c HTTP/1.0" 200 2326"#
        let fields: KeyValuePairs<String, Value> = [
            "host": .string("127.0.0.1"), "user": .string("frank"), "timestamp": .string("2000-10-10T13:55:36-07:00"),
            "message": .string("GET /a?b=c HTTP/1.0"), "method": .string("GET"), "path": .string("/a?b=c"),
            "protocol": .string("HTTP/1.0"), "status": .int(200), "size": .int(2326),
        ]
        #expect(try parse("format: clf", common) == .fields(fields))
        let combined = try #require(try parse("format: clf", common + #" "-" "curl \"8\"""#))
        #expect(combined.field("agent") == .string(#"curl \"8\""#))
        #expect(combined.field("referrer") == nil)
        let garbage = try #require(try parse("format: clf", #"::1 - - [x] "\x16\x03" 400 -"#))
        #expect(garbage.field("message") == .string(#"\x16\x03"#))
        #expect(garbage.field("method") == nil)
        #expect(garbage.field("size") == nil)
    }

    @Test("syslog of RFC 5424, with structured data")
    func modernSyslog() throws {
        #expect(
            try parse(
                "format: syslog",
                #"<165>1 2003-10-11T22:14:15.003Z host app 7 ID47 [a@1 x="1" y="q\"]\n"][b@2] "# + "\u{FEFF}It works")
                == .fields([
                    "facility": .string("local4"), "severity": .string("notice"), "version": .int(1),
                    "timestamp": .string("2003-10-11T22:14:15.003Z"), "hostname": .string("host"), "appname": .string("app"),
                    "procid": .string("7"), "msgid": .string("ID47"),
                    "structured_data": .fields([
                        "a@1": .fields(["x": .string("1"), "y": .string(#"q"]\n"#)]), "b@2": .fields([:]),
                    ]),
                    "message": .string("It works"),
                ]))
        #expect(
            try parse("format: syslog", "<0>1 - - - - - -")
                == .fields(["facility": .string("kern"), "severity": .string("emerg"), "version": .int(1)]))
    }

    @Test("syslog of RFC 3164, in the year that is nearest to the arrival")
    func oldSyslog() throws {
        let chain = try Fixture.chain("parse: {format: syslog}")
        func timestamp(_ line: String, arrivedAt: Int64?) throws -> Value? {
            let record = Fixture.record(.string(line), arrivedAt: arrivedAt)
            guard case .passed(let parsed) = chain.apply(record, at: .zero) else { return nil }
            return parsed.value.field("timestamp")
        }
        let line = "<34>Dec 31 23:59:59 mymachine su[231]: 'su root' failed"
        // 2026-01-01T00:00:01Z.
        #expect(try timestamp(line, arrivedAt: 1_767_225_601_000) == .string("2025-12-31T23:59:59Z"))
        #expect(try timestamp("<34>Jan  1 00:00:00 h a: b", arrivedAt: 1_767_225_601_000) == .string("2026-01-01T00:00:00Z"))
        #expect(try timestamp(line, arrivedAt: nil) == .string("Dec 31 23:59:59"))
        #expect(
            try chain.output(.string(line))
                == .fields([
                    "facility": .string("auth"), "severity": .string("crit"), "timestamp": .string("Dec 31 23:59:59"),
                    "hostname": .string("mymachine"), "appname": .string("su"), "procid": .string("231"),
                    "message": .string("'su root' failed"),
                ]))
    }

    @Test("the named groups of a regular expression become fields")
    func regex() throws {
        #expect(
            try parse(#"format: regex, pattern: '(?P<level>[A-Z]+)(?: (?P<code>\d+))?: (.*)'"#, "x ERROR: disk")
                == .fields(["level": .string("ERROR")]))
    }

    @Test(
        "what is not in the format is a failure of the record, and goes on as it was where that is wanted",
        arguments: [
            ("format: json", "{"), ("format: json", ""), ("format: logfmt", "=x"), ("format: logfmt", "a=\"x"), ("format: clf", "hello"),
            ("format: syslog", "hello"), ("format: syslog", "<999>1 - - - - - -"), ("format: syslog", "<1>1 - - - - - [a"),
            ("format: csv, columns: [a, b]", "1"), ("format: csv, columns: [a]", "1\n2"), ("format: csv, columns: [a]", "\"1"),
            ("format: regex, pattern: '^(?P<a>x)$'", "y"),
        ])
    func notParsable(options: String, text: String) throws {
        #expect(try Fixture.chain("parse: {\(options)}").failure(.string(text)) == "not_parsable")
        #expect(try Fixture.chain("{parse: {\(options)}, on_error: keep}").output(.string(text)) == .string(text))
    }

    @Test("what is no text cannot be parsed")
    func noText() throws {
        #expect(try Fixture.chain("parse: {format: json}").failure(.int(1)) == "wrong_type")
        #expect(try Fixture.chain("parse: {format: json, field: a}").failure(.fields([:])) == "field_missing")
        #expect(try Fixture.chain("parse: {format: json, field: a, into: .}").failure(.fields(["a": .string("1")])) == "wrong_type")
    }

    @Test(
        "options are those of the format",
        arguments: [
            ("parse: {}", "6:9 missing_key"), ("parse: {format: regex}", "6:9 missing_key"), ("parse: {format: csv}", "6:9 missing_key"),
            ("parse: {format: json, pattern: '(?P<a>x)'}", "6:40 unused_key"),
            ("parse: {format: regex, pattern: '('}", "6:41 invalid_pattern"),
            ("parse: {format: regex, pattern: x}", "6:41 invalid_value"), ("parse: {format: xml}", "6:25 invalid_value"),
            ("parse: {format: csv, columns: [a, a]}", "6:39 invalid_value"),
        ])
    func mistakes(step: String, expected: String) {
        #expect(Fixture.diagnostics(step).first == expected)
    }
}
