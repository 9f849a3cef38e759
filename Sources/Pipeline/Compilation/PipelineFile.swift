/// The text of a pipeline file, and its lines as diagnostics quote them.
public struct PipelineFile: Sendable {
    /// As diagnostics print it: the path as given.
    public let name: String
    /// UTF-8 without a byte order mark.
    let bytes: [UInt8]
    /// Where each line begins, in bytes.
    private let lineStarts: [Int]

    /// A file from text that is in memory already.
    public init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// `bytes` should be UTF-8; compilation reports where it is not.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        lineStarts = Self.lineStarts(of: self.bytes)
    }

    /// Counts what follows the last line end, even if it is empty.
    public var lineCount: Int { lineStarts.count }

    /// A line, counted from 1, without its end; empty beyond the last one.
    public func line(_ number: Int) -> String {
        guard lineStarts.indices.contains(number - 1) else { return "" }
        return String(decoding: bytes[lineRange(number)], as: UTF8.self)
    }

    /// The bytes of a line without its end.
    func lineRange(_ number: Int) -> Range<Int> {
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] : bytes.count
        end -= Self.breakLength(bytes[..<end], endingAt: end, after: start)
        return start..<end
    }

    /// The byte at which a line and column (counted from 1, in Unicode scalars) stand; clamped to the line.
    func offset(line: Int, column: Int) -> Int {
        guard line >= 1 else { return 0 }
        guard line <= lineStarts.count else { return bytes.count }
        let range = lineRange(line)
        var offset = range.lowerBound
        var left = column - 1
        while left > 0, offset < range.upperBound {
            offset += 1
            while offset < range.upperBound, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            left -= 1
        }
        return offset
    }

    /// The line and column, counted from 1, at which a byte stands.
    func position(of offset: Int) -> (line: Int, column: Int) {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let before = bytes[lineStarts[low]..<min(max(offset, lineStarts[low]), bytes.count)]
        return (low + 1, 1 + before.count { $0 & 0xC0 != 0x80 })
    }

    /// The line ends that libyaml knows: LF, CR LF, CR, NEL, LS and PS.
    private static func lineStarts(of bytes: [UInt8]) -> [Int] {
        var starts = [0]
        var index = 0
        while index < bytes.count {
            let length = breakLength(bytes, at: index)
            index += max(1, length)
            if length > 0 { starts.append(index) }
        }
        return starts
    }

    private static func breakLength(_ bytes: [UInt8], at index: Int) -> Int {
        func byte(_ offset: Int) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }
        switch bytes[index] {
        case 0x0A: return 1
        case 0x0D: return byte(1) == 0x0A ? 2 : 1
        case 0xC2: return byte(1) == 0x85 ? 2 : 0
        case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9) ? 3 : 0
        default: return 0
        }
    }

    private static func breakLength(_ bytes: ArraySlice<UInt8>, endingAt end: Int, after start: Int) -> Int {
        let tail = bytes[max(start, end - 3)..<end]
        if tail.elementsEqual([0xE2, 0x80, 0xA8]) || tail.elementsEqual([0xE2, 0x80, 0xA9]) { return 3 }
        let pair = tail.suffix(2)
        if pair.elementsEqual([0x0D, 0x0A]) || pair.elementsEqual([0xC2, 0x85]) { return 2 }
        return tail.last == 0x0A || tail.last == 0x0D ? 1 : 0
    }
}
