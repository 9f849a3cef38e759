import OrderedCollections
import Patterns
import Pipeline
import Records

/// Reads syslog messages: RFC 5424, and RFC 3164 as it is found in the wild.
enum SyslogReader {
    /// The priority, the version 1, and five words; `-` is a word that is not there. RFC 5424, section 6.
    private static let modernForm = Pattern(known: #"(?s)^<(\d{1,3})>(\d{1,2}) (\S+) (\S+) (\S+) (\S+) (\S+) ?(.*)$"#)
    /// RFC 3164, section 4: time, host, a tag with an optional process in brackets. Some senders leave out the priority, some write the
    /// time as RFC 3339.
    private static let oldForm = Pattern(
        known: #"(?s)^(?:<(\d{1,3})>)?(?:([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2})|(\d{4}-\d{2}-\d{2}T\S+)) (\S+) "#
            + #"(?:([^\s:\[\]]+)(?:\[([^\]]*)\])?: ?)?(.*)$"#)

    /// RFC 5424, section 6.2.1, by number.
    private static let facilities = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "security", "console",
        "solaris-cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ]
    private static let severities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]

    /// The fields of a message; nil where it is none. `arrivedAt` (milliseconds since 1970) tells the year that RFC 3164 leaves out:
    /// without it the time stays as it is written.
    static func read(_ text: String, arrivedAt: Int64?) -> ValueMap? {
        var text = text
        while text.last?.isNewline == true { text.removeLast() }
        if let groups = modernForm.groups(of: text) { return modern(groups) }
        if let groups = oldForm.groups(of: text) { return old(groups, arrivedAt) }
        return nil
    }

    private static func modern(_ groups: [String?]) -> ValueMap? {
        var fields: ValueMap = [:]
        guard setPriority(groups[1], &fields) else { return nil }
        fields["version"] = groups[2].flatMap { Int64($0) }.map { .int($0) }
        for (name, word) in zip(["timestamp", "hostname", "appname", "procid", "msgid"], groups[3...7]) {
            if let word, word != "-" { fields[name] = .string(word) }
        }
        var rest = Array((groups[8] ?? "").utf8)[...]
        guard let data = structuredData(&rest) else { return nil }
        if !data.isEmpty { fields["structured_data"] = .map(data) }
        if rest.first == 0x20 { rest.removeFirst() }
        // RFC 5424, section 6.4: a message in UTF-8 begins with a byte order mark.
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest.removeFirst(3) }
        if !rest.isEmpty { fields["message"] = .string(String(decoding: rest, as: UTF8.self)) }
        return fields
    }

    /// `[id name="value" …][id …]` or `-`: maps by their id. Nil where it is malformed. RFC 5424, section 6.3.
    private static func structuredData(_ rest: inout ArraySlice<UInt8>) -> ValueMap? {
        if rest.first == UInt8(ascii: "-") {
            rest.removeFirst()
            return [:]
        }
        var data: ValueMap = [:]
        while rest.first == UInt8(ascii: "[") {
            rest.removeFirst()
            let id = rest.prefix { $0 > 0x20 && $0 != UInt8(ascii: "]") }
            rest = rest.dropFirst(id.count)
            var element: ValueMap = [:]
            while rest.first == 0x20 {
                rest.removeFirst()
                let name = rest.prefix { $0 > 0x20 && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "]") }
                rest = rest.dropFirst(name.count)
                guard !name.isEmpty, rest.starts(with: Array("=\"".utf8)) else { return nil }
                rest = rest.dropFirst(2)
                guard let value = quoted(&rest) else { return nil }
                element[String(decoding: name, as: UTF8.self)] = .string(value)
            }
            guard !id.isEmpty, rest.popFirst() == UInt8(ascii: "]") else { return nil }
            data[String(decoding: id, as: UTF8.self)] = .map(element)
        }
        return data
    }

    /// Up to the closing quote. A backslash escapes `"`, `\` and `]`, and stands for itself before anything else.
    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> String? {
        var content: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let next = rest.first,
                [UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "]")].contains(next)
            {
                rest.removeFirst()
                content.append(next)
            } else {
                content.append(byte)
            }
        }
        return nil
    }

    private static func old(_ groups: [String?], _ arrivedAt: Int64?) -> ValueMap? {
        var fields: ValueMap = [:]
        if groups[1] != nil, !setPriority(groups[1], &fields) { return nil }
        if let written = groups[5] {
            fields["timestamp"] = .string(written)
        } else if let name = groups[2], let day = groups[3], let time = groups[4] {
            fields["timestamp"] = .string(timestamp(name, day, time, arrivedAt) ?? "\(name) \(day) \(time)")
        }
        for (name, index) in [("hostname", 6), ("appname", 7), ("procid", 8), ("message", 9)] {
            if let text = groups[index], !text.isEmpty { fields[name] = .string(text) }
        }
        return fields
    }

    private static func setPriority(_ text: String?, _ fields: inout ValueMap) -> Bool {
        guard let number = text.flatMap({ Int($0) }), number / 8 < facilities.count else { return false }
        fields["facility"] = .string(facilities[number / 8])
        fields["severity"] = .string(severities[number % 8])
        return true
    }

    /// RFC 3339 in UTC, in the year that puts it nearest to the arrival.
    private static func timestamp(_ monthName: String, _ day: String, _ time: String, _ arrivedAt: Int64?) -> String? {
        guard let arrivedAt, let month = Month.number(of: monthName), let day = Int(day.drop { $0 == " " }) else { return nil }
        // A year has 31,556,952 seconds on average (Gregorian calendar); the year of the arrival is off by one at most.
        let middle = 1970 + Int((Double(arrivedAt) / 1_000 / 31_556_952).rounded(.down))
        let texts = (middle - 1...middle + 1).map { "\($0)-\(Month.twoDigits(month))-\(Month.twoDigits(day))T\(time)Z" }
        return texts.compactMap { text in TimestampSetting(text).map { (text, abs($0.milliseconds - arrivedAt)) } }.min { $0.1 < $1.1 }?.0
    }
}
