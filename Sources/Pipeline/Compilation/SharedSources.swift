/// Two sources of one pipeline that read the same stream would share its leases, and each would get a part of the records.
enum SharedSources {
    static func check(_ sources: [NodeDraft], in context: inout DecodingContext) {
        struct Identity: Hashable {
            var kind: String
            var name: String
        }
        var first: [Identity: YAMLKey] = [:]
        for source in sources {
            guard let component = source.component, let config = component.config, let name = component.declaration.exclusive(config) else {
                continue
            }
            let identity = Identity(kind: component.declaration.kind, name: name)
            guard let earlier = first[identity] else {
                first[identity] = source.name
                continue
            }
            context.report(
                Diagnostic(
                    "duplicate_source", "`\(source.name.text)` reads what `\(earlier.text)` reads already", at: source.name.mark.location,
                    hint: "read it once, and send the records on with `from: \(earlier.text)` or a `route` step",
                    related: [RelatedPlace("first here", at: earlier.mark.location)]))
        }
    }
}
