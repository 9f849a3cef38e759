import OrderedCollections
public import Records

/// Diagnostics as a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), for code scanning.
public enum SARIFReport {
    /// One run of the tool at `version`.
    public static func value(_ diagnostics: [Diagnostic], version: String) -> Value {
        let rules = OrderedSet(diagnostics.map(\.code))
        return [
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                [
                    "tool": [
                        "driver": [
                            "name": "kinesis-agent", "version": .string(version),
                            "rules": .list(rules.map { ["id": .string($0)] }),
                        ]
                    ],
                    "columnKind": "unicodeCodePoints",
                    "results": .list(diagnostics.map { result($0, rule: rules.firstIndex(of: $0.code) ?? 0) }),
                ]
            ],
        ]
    }

    private static func result(_ diagnostic: Diagnostic, rule: Int) -> Value {
        let text = diagnostic.message + (diagnostic.hint.map { "; \($0)" } ?? "")
        var result: ValueMap = [
            "ruleId": .string(diagnostic.code), "ruleIndex": .int(Int64(rule)), "level": .string(diagnostic.severity.rawValue),
            "message": ["text": .string(text)],
        ]
        if let location = diagnostic.location { result["locations"] = [["physicalLocation": physical(location)]] }
        if !diagnostic.related.isEmpty {
            result["relatedLocations"] = .list(
                diagnostic.related.enumerated().map { index, place in
                    [
                        "id": .int(Int64(index)), "message": ["text": .string(place.message)],
                        "physicalLocation": physical(place.location),
                    ]
                })
        }
        return .map(result)
    }

    private static func physical(_ location: SourceLocation) -> Value {
        [
            "artifactLocation": ["uri": .string(uri(location.file))],
            "region": [
                "startLine": .int(Int64(location.line)), "startColumn": .int(Int64(location.column)),
                "endColumn": .int(Int64(location.column + location.length)),
            ],
        ]
    }

    /// A path as a URI reference (RFC 3986): relative ones stay relative to where the command ran.
    private static func uri(_ path: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        let hex = Array("0123456789ABCDEF".utf8)
        let escaped = path.utf8.flatMap { byte -> [UInt8] in
            plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        }
        return (path.hasPrefix("/") ? "file://" : "") + String(decoding: escaped, as: UTF8.self)
    }
}
