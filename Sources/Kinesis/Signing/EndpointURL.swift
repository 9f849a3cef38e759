/// The parts of an `http` or `https` URL that signing and sending need.
struct EndpointURL: Sendable, Hashable {
    enum Scheme: String, Sendable {
        case http, https

        var defaultPort: Int { self == .http ? 80 : 443 }
    }

    var scheme: Scheme
    /// In lower case; an IPv6 address keeps its brackets.
    var host: String
    /// Nil for the scheme's own.
    var port: Int?
    /// As given: empty, or with a leading slash.
    var path: String
    /// As given, without the question mark.
    var query: String

    /// Nil unless `text` is an absolute URL without user information and without a fragment.
    init?(_ text: String) {
        guard let separator = text.range(of: "://") else { return nil }
        guard let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased()) else { return nil }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !text.contains("#") else { return nil }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        self.scheme = scheme
        self.path = String(path)
        query = String(target[path.endIndex...].dropFirst())

        let hostEnd: String.Index
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]") else { return nil }
            hostEnd = authority.index(after: bracket)
        } else {
            hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
        }
        host = authority[..<hostEnd].lowercased()
        guard !host.isEmpty, !host.contains("@"), host != "[]" else { return nil }
        if hostEnd < authority.endIndex {
            guard authority[hostEnd] == ":", let port = Int(authority[authority.index(after: hostEnd)...]), (1...65535).contains(port)
            else {
                return nil
            }
            self.port = port == scheme.defaultPort ? nil : port
        }
    }

    init(https host: String) {
        (scheme, self.host, port, path, query) = (.https, host, nil, "", "")
    }

    /// The value of the Host header: the port is there where it is not the scheme's own.
    var authority: String { port.map { "\(host):\($0)" } ?? host }

    /// What a request asks its server for: path and query.
    var target: String { "\(path.isEmpty ? "/" : path)\(query.isEmpty ? "" : "?\(query)")" }

    var text: String { "\(scheme.rawValue)://\(authority)\(target)" }

    /// The URL at another path of the same server.
    func at(_ path: String) -> EndpointURL {
        var url = self
        url.path = path
        url.query = ""
        return url
    }
}

extension String {
    /// The first place of `part`; the standard library has this only for characters.
    func range(of part: String) -> Range<String.Index>? {
        let (whole, part) = (utf8, part.utf8)
        var start = whole.startIndex
        while start < whole.endIndex {
            if whole[start...].starts(with: part) { return start..<whole.index(start, offsetBy: part.count) }
            whole.formIndex(after: &start)
        }
        return nil
    }
}
