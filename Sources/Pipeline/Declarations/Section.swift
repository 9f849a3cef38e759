/// The keys of a pipeline file's outermost mapping.
public enum Section: String, Sendable, CaseIterable {
    case pipeline
    case aws
    case checkpoints
    case processors
    case sources
    case transforms
    case sinks
    case deadLetter = "dead_letter"
    case tests

    /// A pipeline without it is none.
    public var isRequired: Bool { [.pipeline, .sources, .sinks].contains(self) }

    /// One sentence for docs.
    public var summary: String {
        switch self {
        case .pipeline: "Its name: letters, digits, `_`, `.` and `-`. Positions, leases and metrics carry it."
        case .aws: "Defaults of every `kinesis` node: `region`, `endpoint`, `profile`, `assume_role`."
        case .checkpoints: "Where positions and leases are kept."
        case .processors: "Formats of your own, by name, beside those built in."
        case .sources: "Where records come from: a name, and one type each."
        case .transforms: "Lists of steps, by name."
        case .sinks: "Where records go: a name, and one type each."
        case .deadLetter: "A sink for what cannot be decoded, processed or written."
        case .tests: "Records to send, and what is expected of them, for `kinesis-agent test`."
        }
    }
}

extension Section {
    /// What to write where it is missing.
    var example: String? {
        switch self {
        case .pipeline: "begin the file with `pipeline: name`"
        case .sources: "such as `sources: {in: {stdin: {}}}`"
        case .sinks: "such as `sinks: {out: {stdout: {}}}`"
        default: nil
        }
    }
}
