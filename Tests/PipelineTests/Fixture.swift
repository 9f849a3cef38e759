import OrderedCollections
import Pipeline
import Processors
import Records
import Testing

/// A catalogue small enough to be known by heart, in place of the real components.
enum Fixture {
    enum Start: String, ConfigChoice {
        case trimHorizon = "TRIM_HORIZON"
        case latest = "LATEST"
        case atTimestamp = "AT_TIMESTAMP"
    }

    struct StreamSource: ComponentConfig {
        var stream = ""
        var start = Start.trimHorizon
        var timestamp: TimestampSetting?
        var recordLimit = 10_000
        var idle = Duration.seconds(2)
        var endpoint: EndpointSetting?

        static let fields: [Field<Self>] = [
            Field("stream", \.stream, required: true, "Name or ARN."),
            Field("iterator_type", \.start, "Where to begin."),
            Field("timestamp", \.timestamp, "The moment of AT_TIMESTAMP."),
            Field("record_limit", \.recordLimit, "Records of one request."),
            Field("sleep_time_no_records", \.idle, "Pause after an empty reply."),
            Field("endpoint", \.endpoint, "Where Kinesis is."),
        ]

        func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if start == .atTimestamp, timestamp == nil {
                context.error("missing_key", "AT_TIMESTAMP needs `timestamp`", at: node["iterator_type"] ?? node)
            }
        }
    }

    struct Rotation: ComponentConfig {
        var size: ByteSize?
        var every: Duration?

        static let fields: [Field<Self>] = [
            Field("size", \.size, "At this size."),
            Field("every", \.every, "After this time."),
        ]
    }

    struct StreamSink: ComponentConfig {
        var stream = ""
        var partitionKey: ConfigExpression?
        var bandwidth = KibibyteSize(.kibibytes(1024))
        var createStream = false
        var processor = ProcessorSpec.builtIn[1]

        static let fields: [Field<Self>] = [
            Field("stream", \.stream, required: true, "Name or ARN."),
            Field("partition_key", \.partitionKey, "Key of each record."),
            Field("put_bandwidth_limit_per_shard", \.bandwidth, "Per second and shard."),
            Field("create_stream", \.createStream, "Create it where it is missing."),
            Field("processor", \.processor, "How records are written."),
        ]
    }

    struct FileSink: ComponentConfig {
        var path = ""
        var rotate: Rotation?
        var tags: [String] = []

        static let fields: [Field<Self>] = [
            Field("path", \.path, required: true, "Where to write."),
            Field("rotate", \.rotate, "When to begin another file."),
            Field("tags", \.tags, "Words."),
        ]
    }

    struct Nothing: ComponentConfig {
        static let fields: [Field<Self>] = []
    }

    struct Store: ComponentConfig {
        var url = ""
        static let fields: [Field<Self>] = [Field("url", \.url, required: true, "redis://host:port/db")]
    }

    struct Sample: ComponentConfig {
        var rate = 1.0
        static let fields: [Field<Self>] = [Field("rate", \.rate, required: true, "Share that is kept.")]
    }

    static let catalogue = Catalogue(
        sources: [
            ComponentDeclaration("kinesis", StreamSource.self, "Reads a stream.", exclusive: \.stream),
            ComponentDeclaration("stdin", Nothing.self, "Reads lines."),
        ],
        sinks: [
            ComponentDeclaration("kinesis", StreamSink.self, "Writes a stream."),
            ComponentDeclaration("file", FileSink.self, "Writes a file."),
            ComponentDeclaration("stdout", Nothing.self, "Writes lines."),
        ],
        steps: [
            StepDeclaration("filter", ConfigExpression.self, "Keeps what holds."),
            StepDeclaration("set", OrderedDictionary<String, ConfigExpression>.self, "Sets fields."),
            StepDeclaration("remove", [String].self, "Removes fields."),
            StepDeclaration("sample", Sample.self, "Keeps a share."),
            StepDeclaration("route", OrderedDictionary<String, YAMLNode>.self, "Splits.", routes: { Array($0.keys) }),
        ],
        checkpointStores: [
            ComponentDeclaration("sqlite", Nothing.self, "A file."),
            ComponentDeclaration("redis", Store.self, "A server."),
        ])

    static let environment = ["STREAM": "orders", "LIMIT": "500", "EMPTY": "", "SECRET": "hunter2", "FLAG": "true"]

    static func compile(_ texts: String...) -> CompilationResult {
        let files = texts.enumerated().map { PipelineFile(name: $0.offset == 0 ? "p.yaml" : "p\($0.offset + 1).yaml", text: $0.element) }
        return compilePipelines(files: files, catalogue: catalogue, interpolation: interpolation)
    }

    static let interpolation = Interpolation(
        variable: { environment[$0] },
        readFile: { path throws(FileReadingError) in
            guard path == "/run/secrets/key" else { throw FileReadingError("there is no such file") }
            return "s3cret\n"
        })

    /// Code and place of each diagnostic, as tests write them: `unknown_key 3:5`, warnings with a `~`.
    static func summary(_ diagnostics: [Diagnostic]) -> [String] {
        diagnostics.map { diagnostic in
            let place = diagnostic.location.map { " \($0.line):\($0.column)" } ?? ""
            return (diagnostic.severity == .warning ? "~" : "") + diagnostic.code + place
        }
    }

    /// The one plan of a text that has no diagnostics.
    static func plan(_ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> Plan {
        let result = compile(text)
        #expect(summary(result.diagnostics) == [], sourceLocation: sourceLocation)
        return try #require(result.plans.first, sourceLocation: sourceLocation)
    }
}
