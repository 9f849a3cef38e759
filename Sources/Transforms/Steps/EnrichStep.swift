import Expressions
import OrderedCollections
public import Pipeline
public import Records
import Synchronization

/// `enrich: {file: customers.csv, column: id, key: record.customer_id, into: customer}`
public final class EnrichStep: Step {
    /// What becomes of a record that the file says nothing of.
    enum Missing: String, ConfigChoice {
        case keep, fail
    }

    /// The file, and how records find their row.
    public struct Config: ComponentConfig {
        var file = ""
        var format: LookupTable.Format?
        var column = ""
        var key: ConfigExpression?
        var into = FieldTarget.record
        var missing = Missing.keep
        var reload = Duration.seconds(10)
        var maxSize = ByteSize.mebibytes(64)

        /// The defaults.
        public init() {}

        /// The options.
        public static let fields: [Field<Self>] = [
            Field("file", \.file, required: true, "The path of a CSV file with a header, or of JSON lines."),
            Field("format", \.format, "`csv` or `json_lines`; without it, the file's name tells: `.csv`, or else JSON lines."),
            Field(
                "column", \.column, required: true,
                "The column, or field, of the file that keys are looked up in. Of a key given twice the last row counts."),
            Field("key", \.key, required: true, "The key of a record: text or an integer."),
            Field(
                "into", \.into, required: true,
                "Where the row goes, as a map; `.` puts its fields beside those of the record, over fields of the same name."),
            Field(
                "missing", \.missing,
                "What becomes of a record whose key is not in the file: `keep` lets it pass as it is, `fail` has `on_error` decide."),
            Field(
                "reload", \.reload,
                "How often the file is looked at while records come. One that changed is read anew; one that cannot be read is warned of, and what "
                    + "was read before stays. Replace the file by renaming: a half-written one may be read."),
            Field("max_size", \.maxSize, "A larger file is refused; in memory it takes some times its size."),
        ]

        /// A file that is looked at all the time would be all that is done.
        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if let option = node["reload"], reload < .seconds(1) { context.error("invalid_value", "`reload` is 1s at least", at: option) }
            if let option = node["file"], file.isEmpty { context.error("invalid_value", "the path is empty", at: option) }
        }
    }

    /// The key in a pipeline file.
    public static let kind = "enrich"
    /// One sentence for docs.
    public static let summary =
        "Adds to each record the row of a CSV or JSON lines file that has its key; the file is read anew when it changes."
    /// For docs.
    public static let example = "enrich: {file: customers.csv, column: id, key: record.customer, into: customer}"

    private struct State {
        var table: LookupTable
        /// Of the file as it was last read, whether it could be used or not.
        var version: StepContext.FileVersion?
        var nextLook: MonotonicTime?
        /// What was last warned of, so that it is said once.
        var warning: Failure?
    }

    private let config: Config
    private let context: StepContext
    private let state: Mutex<State>

    /// Reads the file; throws where it cannot be read or used.
    public init(_ config: Config, context: StepContext) throws(Failure) {
        self.config = config
        self.context = context
        guard let content = try context.readFile(config.file, nil, config.maxSize.bytes) else {
            throw Failure("file_not_readable", "\(config.file) was not read")
        }
        state = Mutex(State(table: try Self.table(config, content), version: content.version))
    }

    /// Throws where the key's expression fails, where the row cannot be put into its place, or where there is none and `missing` is `fail`.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        guard let key = config.key else { return .keep }
        let text: String
        do {
            text = try key.program.evaluateString(record)
        } catch {
            throw StepFailure(error, in: key)
        }
        guard let row = table(at: now).rows[text] else {
            guard config.missing == .fail else { return .keep }
            throw StepFailure(.other(code: "key_not_found", "the record's key is not in \(config.file)"), at: key.mark)
        }
        record.decode()
        guard case .map = record.value else { throw StepFailure(.recordType(record.value.typeName), at: key.mark) }
        guard let path = config.into.path else {
            for (name, value) in row { record.value.set([name], to: value) }
            return .keep
        }
        if let obstacle = record.value.obstacle(on: path) {
            throw StepFailure(.obstacle(path.prefix(obstacle.depth), type: obstacle.type), at: key.mark)
        }
        record.value.set(path.names[...], to: .map(row))
        return .keep
    }

    /// The table, read anew when it is time. Those who come while it is read go on with the old one.
    private func table(at now: MonotonicTime) -> LookupTable {
        let (table, known, isTime) = state.withLock { state in
            let isTime = state.nextLook.map { now >= $0 } ?? false
            if isTime || state.nextLook == nil { state.nextLook = now + config.reload }
            return (state.table, state.version, isTime)
        }
        return isTime ? reloaded(since: known) ?? table : table
    }

    private func reloaded(since known: StepContext.FileVersion?) -> LookupTable? {
        do throws(Failure) {
            guard let content = try context.readFile(config.file, known, config.maxSize.bytes) else { return nil }
            state.withLock { $0.version = content.version }
            let table = try Self.table(config, content)
            state.withLock { state in
                state.table = table
                state.warning = nil
            }
            return table
        } catch {
            let isNew = state.withLock { state in
                defer { state.warning = error }
                return state.warning != error
            }
            if isNew { context.warn(Failure(error.code, "\(error.message); what was read before stays in use", hint: error.hint)) }
            return nil
        }
    }

    private static func table(_ config: Config, _ content: StepContext.FileContent) throws(Failure) -> LookupTable {
        let format = config.format ?? (config.file.lowercased().hasSuffix(".csv") ? .csv : .jsonLines)
        return try LookupTable(content.bytes, format, keyedBy: config.column, file: config.file)
    }
}
