extension ProcessorSpec {
    /// The default of sources that read text.
    public static let string = ProcessorSpec(unchecked: "string", .simple, .string)
    /// The default of Kinesis nodes.
    public static let json = ProcessorSpec(unchecked: "json", .simple, .json)
    /// The default of files and standard output.
    public static let jsonLines = ProcessorSpec(unchecked: "json_lines", .newline, .json)

    /// Bytes as they are, one item a record.
    public static let raw = ProcessorSpec(unchecked: "raw", .simple, .raw)

    /// The processors that every pipeline file can name.
    public static let builtIn: [ProcessorSpec] = [
        string,
        json,
        jsonLines,
        ProcessorSpec(unchecked: "json_list", .list, .json),
        ProcessorSpec(unchecked: "msgpack", .netstring, .msgpack),
        raw,
        ProcessorSpec(unchecked: "kpl_json", .kpl, .json),
        ProcessorSpec(unchecked: "kpl_string", .kpl, .string),
        ProcessorSpec(unchecked: "kpl_raw", .kpl, .raw),
    ]

    /// The class names by which async-kinesis knows some of them.
    private static let pythonNames = [
        "StringProcessor": "string", "JsonProcessor": "json", "JsonLineProcessor": "json_lines", "JsonListProcessor": "json_list",
        "MsgpackProcessor": "msgpack", "KPLJsonProcessor": "kpl_json", "KPLStringProcessor": "kpl_string",
    ]

    /// The name of the class that does the same in async-kinesis; nil where there is none.
    public var pythonName: String? { Self.pythonNames.first { $0.value == name }?.key }

    /// A built-in processor by its name, or by the name of its class in async-kinesis; nil for any other.
    public static func builtIn(named name: String) -> ProcessorSpec? {
        let name = pythonNames[name] ?? name
        return builtIn.first { $0.name == name }
    }

    /// One sentence for lists and documentation.
    public var summary: String {
        let item =
            switch serializer {
            case .string: "text as UTF-8"
            case .json: "JSON"
            case .msgpack: "MessagePack"
            case .raw: "bytes as they are"
            }
        return switch aggregator {
        case .simple: "One item a record: \(item)."
        case .newline: "Many items a record, a line each: \(item)."
        case .list: "Many items a record as one JSON array; read back as one record, the list."
        case .netstring: "Many items a record, each as a netstring: \(item)."
        case .kpl: "Many items a record with their own partition keys, as the Kinesis Producer Library aggregates them: \(item)."
        }
    }
}
