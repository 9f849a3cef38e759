import CLibYAML

/// The event parser of libyaml over one file: the only code that calls the library.
struct YAMLEventParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// libyaml reads from here until it is deleted.
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let file: PipelineFile

    init(_ file: PipelineFile) {
        self.file = file
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: file.bytes.count)
        _ = input.initialize(fromContentsOf: file.bytes)
        // It fails only when memory runs out, of which Swift does not survive either.
        guard yaml_parser_initialize(parser) == 1 else { fatalError("libyaml has no memory") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event; must not be called after `streamEnd` or an error.
    mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { yaml_event_delete(&event) }
        var converted = YAMLEvent(kind: .streamStart, mark: mark(event))
        switch event.type {
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT: converted.kind = .streamEnd
        case YAML_DOCUMENT_START_EVENT: converted.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: converted.kind = .documentEnd
        case YAML_ALIAS_EVENT: converted.kind = .alias(Self.text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            converted.kind = .scalar(YAMLScalar(text, style: Self.style(scalar.style)))
            converted.anchor = Self.text(scalar.anchor)
            converted.tag = Self.text(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            converted.kind = .sequenceStart
            converted.anchor = Self.text(event.data.sequence_start.anchor)
            converted.tag = Self.text(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            converted.kind = .mappingStart
            converted.anchor = Self.text(event.data.mapping_start.anchor)
            converted.tag = Self.text(event.data.mapping_start.tag)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: converted.kind = .collectionEnd
        default: break
        }
        return converted
    }

    private func mark(_ event: yaml_event_t) -> Mark {
        Mark(
            file: file.name, line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1,
            endLine: Int(event.end_mark.line) + 1, endColumn: Int(event.end_mark.column) + 1)
    }

    private func syntaxError() -> YAMLSyntaxError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "the text is not YAML"
        if parser.pointee.error == YAML_READER_ERROR {
            // The reader counts bytes, not lines.
            let (line, column) = file.position(of: Int(parser.pointee.problem_offset))
            return YAMLSyntaxError(problem: problem, place: YAMLSyntaxError.Place(line: line, column: column))
        }
        return YAMLSyntaxError(
            problem: problem, place: Self.place(parser.pointee.problem_mark), context: parser.pointee.context.map { String(cString: $0) },
            contextPlace: parser.pointee.context == nil ? nil : Self.place(parser.pointee.context_mark))
    }

    private static func place(_ mark: yaml_mark_t) -> YAMLSyntaxError.Place {
        YAMLSyntaxError.Place(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }
}
