/// One event of a YAML stream, in the order of the text.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(YAMLScalar)
        case sequenceStart
        case mappingStart
        case collectionEnd
    }

    var kind: Kind
    var anchor: String?
    var tag: String?
    var mark: Mark
}

/// What the parser could not read, in its own words.
struct YAMLSyntaxError: Error {
    /// A position counted from 1.
    struct Place {
        var line: Int
        var column: Int
    }

    var problem: String
    var place: Place
    /// What the parser was in the middle of: "while parsing a block mapping".
    var context: String?
    var contextPlace: Place?
}
