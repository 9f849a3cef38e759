import CSimdjsonFilter
import Expressions
import Processors
import Records

/// What is done with every line: parsed, tested, written.
struct LineBenchmarks {
    private static let condition = #"record.status >= 500 && record.path.startsWith("/api")"#

    let text: [UInt8]
    private let megabytes: Double

    init(text: [UInt8]) {
        self.text = text
        megabytes = Double(text.count) / 1e6
    }

    func run() throws {
        let program = try Program(parsing: Self.condition)
        let origin = Origin(ReadPlace(source: "lines"))
        let undecoded = try contents(text[...]).map { Record($0, origin: origin) }
        let decoded = undecoded.map { Record($0.value, origin: origin) }
        print("lines of \(text.count / undecoded.count) bytes; condition: \(Self.condition)")
        let millions = Double(undecoded.count) / 1e6
        try Stopwatch.measure("condition, parsed JSON", unit: "million/s", unitsPerCall: millions) { try evaluate(program, undecoded) }
        try Stopwatch.measure("condition, decoded record", unit: "million/s", unitsPerCall: millions) { try evaluate(program, decoded) }
        for (name, source, isInverted) in [("1 in 10 passes", Self.condition, false), ("9 in 10 pass", "!(\(Self.condition))", true)] {
            let program = try Program(parsing: source)
            let passed = try filter(program)
            try Stopwatch.measure("parse, filter, write: kinesis-agent, \(name)", unit: "MB/s", unitsPerCall: megabytes) {
                let bytes = try filter(program)
                precondition(bytes == passed)
            }
            var output = [UInt8](repeating: 0, count: text.count + 1)
            precondition(simdjson_filter_lines(text, text.count, isInverted ? 1 : 0, &output) == passed)
            Stopwatch.measure("parse, filter, write: simdjson in C++, \(name)", unit: "MB/s", unitsPerCall: megabytes) {
                _ = simdjson_filter_lines(text, text.count, isInverted ? 1 : 0, &output)
            }
        }
        try Stopwatch.measure("parse, decode all", unit: "MB/s", unitsPerCall: megabytes) {
            for content in try contents(text[...]) { precondition(content.value != .null) }
        }
    }

    private func contents(_ text: ArraySlice<UInt8>) throws -> Contents {
        var reader = ContentReader(.jsonLines)
        _ = try reader.read(SharedBytes(Array(text)))
        return reader.finish()
    }

    private func evaluate(_ program: Program, _ records: [Record]) throws {
        var holds = 0
        for record in records where try program.evaluateCondition(record) { holds += 1 }
        precondition(holds > 0)
    }

    /// In chunks, as a source reads; returns the bytes written.
    private func filter(_ program: Program) throws -> Int {
        var record = Record(.null, origin: Origin(ReadPlace(source: "lines")))
        var written = 0
        var rest = text[...]
        var output: [UInt8] = []
        while !rest.isEmpty {
            let chunk = rest.prefix(
                rest.firstIndex(of: UInt8(ascii: "\n"), from: min(rest.startIndex + 256 << 10, rest.endIndex - 1))! + 1 - rest.startIndex)
            rest = rest.dropFirst(chunk.count)
            output.removeAll(keepingCapacity: true)
            for content in try contents(chunk) {
                record.content = content
                guard try program.evaluateCondition(record) else { continue }
                try ProcessorSpec.jsonLines.serialize(record.content, into: &output)
                output.append(UInt8(ascii: "\n"))
            }
            written += output.count
        }
        return written
    }
}
