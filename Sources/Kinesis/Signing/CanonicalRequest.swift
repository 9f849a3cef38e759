/// The form of a request that Signature Version 4 hashes (AWS IAM user guide, "Create a signed AWS API request", step 1).
struct CanonicalRequest: Sendable, Hashable {
    let text: String
    /// The names of the headers inside of the signature, joined by semicolons.
    let signedHeaders: String

    /// - Parameter headers: What is to be signed, the host included; intermediaries may change those that `isSigned` refuses.
    init(method: String, url: EndpointURL, headers: [(name: String, value: String)], bodyHash: String) {
        let signed = headers.map { (name: $0.name.lowercased(), value: Self.folded($0.value)) }
            .filter { Self.isSigned($0.name) }
            .sorted { $0.name < $1.name }
        signedHeaders = signed.map(\.name).joined(separator: ";")
        text = """
            \(method)
            \(Self.path(url.path))
            \(Self.query(url.query))
            \(signed.map { "\($0.name):\($0.value)\n" }.joined())
            \(signedHeaders)
            \(bodyHash)
            """
    }

    private static func isSigned(_ name: String) -> Bool {
        switch name {
        case "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id": false
        default: true
        }
    }

    /// Without white space at the ends, every run of it inside as one space.
    private static func folded(_ value: String) -> String {
        value.split(whereSeparator: { $0 == " " || $0 == "\t" || $0.isNewline }).joined(separator: " ")
    }

    /// Dot segments and empty segments are resolved, then everything outside of RFC 3986's unreserved set is escaped, percent signs too:
    /// the path is encoded a second time for every service but S3.
    private static func path(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        guard !segments.isEmpty else { return "/" }
        let trailing = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")
        return segments.map { "/" + PercentEncoding.encode($0) }.joined() + (trailing ? "/" : "")
    }

    /// Sorted by name, then by value; names and values as the URL has them.
    private static func query(_ query: String) -> String {
        query.split(separator: "&")
            .map { pair -> (name: Substring, value: Substring) in
                let name = pair.prefix { $0 != "=" }
                return (name, pair[name.endIndex...].dropFirst())
            }
            .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }
}

/// Percent-encoding of everything outside of the unreserved characters of RFC 3986, section 2.3.
enum PercentEncoding {
    static func encode(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(contentsOf: Hex.encode(CollectionOfOne(byte)).uppercased().utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}
