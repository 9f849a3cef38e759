import OrderedCollections
import Patterns
import Records

/// Reads the Common Log Format of web servers, and the combined one with referrer and agent.
///
/// https://httpd.apache.org/docs/2.4/logs.html#accesslog
enum CommonLogReader {
    private static let pattern = Pattern(
        known: #"^(?P<host>\S+) (?P<identity>\S+) (?P<user>\S+) \[(?P<timestamp>[^\]]+)\] "#
            + #""(?P<message>(?:[^"\\]|\\.)*)" (?P<status>\d{3}|-) (?P<size>\d+|-)"#
            + #"(?: "(?P<referrer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?\s*$"#)
    private static let request = Pattern(known: #"^(?P<method>\S+) (?P<path>\S+)(?: (?P<protocol>\S+))?$"#)
    private static let time = Pattern(known: #"^(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})$"#)

    /// What is `-` is left out; `status` and `size` are integers, `timestamp` is RFC 3339 where it is one. Nil for another format.
    static func read(_ text: String) -> ValueMap? {
        guard let groups = pattern.fields(of: text) else { return nil }
        var fields: ValueMap = [:]
        for (name, value) in groups {
            guard case .string(let text) = value, text != "-" else { continue }
            switch name {
            case "timestamp": fields[name] = .string(rfc3339(text) ?? text)
            case "status", "size": fields[name] = Int64(text).map { .int($0) } ?? .string(text)
            case "message":
                fields[name] = value
                for (name, part) in request.fields(of: text) ?? [:] { fields[name] = part }
            default: fields[name] = value
            }
        }
        return fields
    }

    /// `10/Oct/2000:13:55:36 -0700` as `2000-10-10T13:55:36-07:00`.
    private static func rfc3339(_ text: String) -> String? {
        guard let parts = time.groups(of: text)?.compactMap({ $0 }), parts.count == 7, let month = Month.number(of: parts[2]) else {
            return nil
        }
        return "\(parts[3])-\(Month.twoDigits(month))-\(parts[1])T\(parts[4])\(parts[5]):\(parts[6])"
    }
}

/// Months as logs abbreviate them.
enum Month {
    private static let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// 1 for `Jan`.
    static func number(of name: String) -> Int? { names.firstIndex(of: name).map { $0 + 1 } }

    static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
