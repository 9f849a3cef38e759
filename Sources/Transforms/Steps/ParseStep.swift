import JSON
import OrderedCollections
import Patterns
public import Pipeline
public import Records

/// `parse: {format: json, field: log, into: .}`
public struct ParseStep: Step {
    /// What a text is in.
    enum Format: String, ConfigChoice {
        case json, logfmt, csv, clf, syslog, regex
    }

    /// How a text is read and where the result goes.
    public struct Config: ComponentConfig {
        var format = Format.json
        var field = FieldTarget.record
        var into: FieldTarget?
        var pattern: PatternSetting?
        var columns: [String]?
        var delimiter = ","

        /// The defaults.
        public init() {}

        /// The options.
        public static let fields: [Field<Self>] = [
            Field(
                "format", \.format, required: true,
                "What the text is in: `json`; `logfmt`; `csv`, one row; `clf`, the Common Log Format or the combined one; `syslog` of RFC 3164 "
                    + "or 5424; `regex`, whose named groups become fields."),
            Field("field", \.field, "The field with the text; without it, the record is the text."),
            Field(
                "into", \.into,
                "Where the result goes; without it, into the place of the text. `.` puts the fields beside those of the record, over fields of "
                    + "the same name, and takes the text out."),
            Field("pattern", \.pattern, "Of `regex`: with named groups such as `(?P<level>[A-Z]+)`, in the syntax of RE2."),
            Field("columns", \.columns, "Of `csv`: the names of the columns in their order."),
            Field("delimiter", \.delimiter, "Of `csv`: what stands between fields, one ASCII character."),
        ]

        /// Which options belong to the format.
        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            func check(_ name: String, _ isThere: Bool, needs format: Format) {
                guard let option = node[name] else {
                    if self.format == format, !isThere {
                        context.report(
                            Diagnostic(
                                "missing_key", "`\(name)` is required by `format: \(format.rawValue)`", at: context.place(ofMissing: node)))
                    }
                    return
                }
                guard self.format != format else { return }
                context.error("unused_key", "`\(name)` is an option of `format: \(format.rawValue)` only", at: option)
            }
            check("pattern", pattern != nil, needs: .regex)
            check("columns", columns != nil, needs: .csv)
            check("delimiter", true, needs: .csv)
            if let option = node["columns"], let columns, Set(columns).count < columns.count || columns.isEmpty {
                context.error("invalid_value", columns.isEmpty ? "there are no columns" : "a column is there twice", at: option)
            }
            if let option = node["delimiter"], delimiter.utf8.count != 1 || delimiter == "\"" || delimiter == "\n" {
                context.error("invalid_value", "a delimiter is one ASCII character", at: option)
            }
            if let option = node["pattern"], let pattern, !pattern.pattern.groupNames.contains(where: { $0 != nil }) {
                context.error(
                    "invalid_value", "the pattern has no named group", at: option,
                    hint: "name what is to become a field: `(?P<level>[A-Z]+)`")
            }
        }
    }

    /// The key in a pipeline file.
    public static let kind = "parse"
    /// One sentence for docs.
    public static let summary = "Reads a text as JSON, logfmt, CSV, an access log, syslog or with a regular expression."
    /// For docs.
    public static let example = "parse: {format: json, field: log, into: .}"

    private let config: Config

    /// A step that reads texts so.
    public init(_ config: Config, context: StepContext) {
        self.config = config
    }

    /// Throws where there is no text, where it is not in the format, or where the result cannot be put into its place.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        record.decode()
        let result = try parse(try text(of: record), arrivedAt: record.origin.arrivedAt)
        let target = config.into ?? config.field
        guard let path = target.path else {
            try put(result, intoRecord: &record)
            return .keep
        }
        guard case .map = record.value else { throw StepFailure(.recordType(record.value.typeName)) }
        if let obstacle = record.value.obstacle(on: path) {
            throw StepFailure(.obstacle(path.prefix(obstacle.depth), type: obstacle.type))
        }
        record.value.set(path.names[...], to: result)
        return .keep
    }

    private func put(_ result: Value, intoRecord record: inout Record) throws(StepFailure) {
        guard let source = config.field.path else {
            record.value = result
            return
        }
        guard case .map(let fields) = result else {
            throw StepFailure(.type(source, expected: "a map to go into the record", got: result.typeName))
        }
        _ = record.value.remove(source.names[...])
        for (name, value) in fields { record.value.set([name], to: value) }
    }

    private func text(of record: Record) throws(StepFailure) -> String {
        let value: Value
        if let path = config.field.path {
            guard let found = record.value[path] else { throw StepFailure(.missing(path)) }
            value = found
        } else {
            value = record.value
        }
        switch value {
        case .string(let text): return text
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw StepFailure(.format(config.format.rawValue, reason: "it is not UTF-8"))
            }
            return text
        default: throw StepFailure(.type(config.field.path, expected: "a text", got: value.typeName))
        }
    }

    private func parse(_ text: String, arrivedAt: Int64?) throws(StepFailure) -> Value {
        let fields: ValueMap?
        switch config.format {
        case .json: return try json(text)
        case .csv: return try csv(text)
        case .logfmt: fields = LogfmtReader.read(text)
        case .clf: fields = CommonLogReader.read(text)
        case .syslog: fields = SyslogReader.read(text, arrivedAt: arrivedAt)
        case .regex: fields = config.pattern?.pattern.fields(of: text)
        }
        guard let fields else { throw failure(config.format == .regex ? "the pattern does not match" : "it has another form") }
        return .map(fields)
    }

    private func json(_ text: String) throws(StepFailure) -> Value {
        do throws(JSONError) {
            return try JSON.parse(Array(text.utf8))
        } catch {
            throw failure("\(error)")
        }
    }

    private func csv(_ text: String) throws(StepFailure) -> Value {
        let columns = config.columns ?? []
        var reader = CSVReader(Array(text.utf8)[...], delimiter: config.delimiter.utf8.first ?? UInt8(ascii: ","))
        let (row, next): ([String]?, [String]?)
        do {
            (row, next) = (try reader.next(), try reader.next())
        } catch {
            throw failure(error.reason)
        }
        guard let row else { throw failure("it is empty") }
        guard next == nil else { throw failure("it has more than one row") }
        guard row.count == columns.count else { throw failure("it has \(row.count) fields for \(columns.count) columns") }
        return .map(ValueMap(uniqueKeysWithValues: zip(columns, row.map { .string($0) })))
    }

    private func failure(_ reason: String) -> StepFailure {
        StepFailure(.format(config.format.rawValue, reason: reason))
    }
}
