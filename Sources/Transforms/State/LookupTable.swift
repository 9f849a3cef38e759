import JSON
import OrderedCollections
import Pipeline
import Records

/// Rows of a file by their keys.
struct LookupTable: Sendable {
    let rows: [String: ValueMap]

    /// Throws at the first line that cannot be used: half a table would look like records without rows.
    init(_ bytes: [UInt8], _ format: Format, keyedBy column: String, file: String) throws(Failure) {
        rows =
            switch format {
            case .csv: try Self.csv(bytes, column, file)
            case .jsonLines: try Self.jsonLines(bytes, column, file)
            }
    }

    private static func csv(_ bytes: [UInt8], _ column: String, _ file: String) throws(Failure) -> [String: ValueMap] {
        var rows: [String: ValueMap] = [:]
        // Spreadsheets write a byte order mark.
        var reader = CSVReader(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...])
        guard let header = try nextRow(of: &reader, file) else { throw unusable(file, 1, "there is no header") }
        guard Set(header).count == header.count else { throw unusable(file, 1, "a column is there twice") }
        guard let index = header.firstIndex(of: column) else {
            throw unusable(
                file, 1, "there is no column `\(column)`", hint: Spelling.nearest(to: column, among: header).map { "did you mean `\($0)`?" }
            )
        }
        while true {
            let line = reader.line
            guard let row = try nextRow(of: &reader, file) else { return rows }
            guard row.count == header.count else { throw unusable(file, line, "it has \(row.count) fields for \(header.count) columns") }
            rows[row[index]] = ValueMap(uniqueKeysWithValues: zip(header, row.map { .string($0) }))
        }
    }

    private static func nextRow(of reader: inout CSVReader, _ file: String) throws(Failure) -> [String]? {
        do {
            return try reader.next()
        } catch {
            throw unusable(file, error.line, error.reason)
        }
    }

    private static func jsonLines(_ bytes: [UInt8], _ column: String, _ file: String) throws(Failure) -> [String: ValueMap] {
        var rows: [String: ValueMap] = [:]
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            guard let value = try? JSON.parse(line), case .map(let row) = value else {
                throw unusable(file, index + 1, "it is no JSON object")
            }
            switch row[column] {
            case .string(let text): rows[text] = row
            case .int(let number): rows[String(number)] = row
            case .bigInteger(let number): rows[number.digits] = row
            default: throw unusable(file, index + 1, "it has no text or integer `\(column)`")
            }
        }
        return rows
    }

    private static func unusable(_ file: String, _ line: Int, _ reason: String, hint: String? = nil) -> Failure {
        Failure("file_not_usable", "\(file), line \(line): \(reason)", hint: hint)
    }
}

extension LookupTable {
    /// What a file of rows is in.
    enum Format: String, ConfigChoice {
        case csv
        case jsonLines = "json_lines"
    }
}
