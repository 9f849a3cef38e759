/// The offsets of a zone through time, from a file of the time zone database (TZif, RFC 9636).
struct TimeZoneTable: Sendable {
    private var transitions: [(moment: Int64, offset: Int64)] = []
    private var first: Int64 = 0
    /// What holds after the last transition.
    private var rule: TimeZoneRule?

    func offset(at seconds: Int64) -> Int64 {
        if let last = transitions.last, seconds >= last.moment, let rule { return rule.offset(at: seconds) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].moment <= seconds { low = middle + 1 } else { high = middle }
        }
        if low > 0 { return transitions[low - 1].offset }
        return transitions.isEmpty ? (rule?.offset(at: seconds) ?? first) : first
    }

    /// Nil where the bytes are no TZif file.
    init?(file bytes: [UInt8]) {
        guard let header = Header(bytes, at: 0) else { return nil }
        // Since version 2 a second block with 64-bit moments follows the first.
        let isWide = header.version >= UInt8(ascii: "2")
        guard isWide else {
            read(bytes, Header.length, header, width: 4)
            return
        }
        let start = Header.length + header.size(width: 4)
        guard let wide = Header(bytes, at: start), start + Header.length + wide.size(width: 8) <= bytes.count else { return nil }
        read(bytes, start + Header.length, wide, width: 8)
        let footer = bytes[(start + Header.length + wide.size(width: 8))...].split(separator: UInt8(ascii: "\n")).first
        rule = footer.flatMap { TimeZoneRule(Array($0)) }
    }

    private struct Header {
        static let length = 44

        let version: UInt8
        let utcIndicators, standardIndicators, leapSeconds, transitions, types, characters: Int

        init?(_ bytes: [UInt8], at start: Int) {
            guard start + Self.length <= bytes.count, bytes[start..<start + 4].elementsEqual("TZif".utf8) else { return nil }
            version = bytes[start + 4]
            let counts = (0..<6).map { Int(bigEndian(bytes, at: start + 20 + 4 * $0, width: 4)) }
            (utcIndicators, standardIndicators, leapSeconds) = (counts[0], counts[1], counts[2])
            (transitions, types, characters) = (counts[3], counts[4], counts[5])
            guard types > 0, start + Self.length + size(width: 4) <= bytes.count else { return nil }
        }

        func size(width: Int) -> Int {
            transitions * (width + 1) + types * 6 + characters + leapSeconds * (width + 4) + standardIndicators + utcIndicators
        }
    }

    private mutating func read(_ bytes: [UInt8], _ start: Int, _ header: Header, width: Int) {
        let indices = start + header.transitions * width
        let types = indices + header.transitions
        func offset(ofType type: Int) -> Int64 {
            type < header.types ? bigEndian(bytes, at: types + 6 * type, width: 4) : 0
        }
        first = offset(ofType: 0)
        transitions = (0..<header.transitions).map { index in
            (bigEndian(bytes, at: start + index * width, width: width), offset(ofType: Int(bytes[indices + index])))
        }
    }
}

private func bigEndian(_ bytes: [UInt8], at start: Int, width: Int) -> Int64 {
    let value = bytes[start..<start + width].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
}
