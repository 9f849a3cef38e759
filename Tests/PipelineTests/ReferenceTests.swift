import OrderedCollections
import Pipeline
import Records
import Testing

@Suite("The reference")
struct ReferenceTests {
    @Test("generated parts are put between their markers, and the rest of the document stays")
    func splicing() throws {
        let parts = [(name: "a", text: "one\ntwo\n"), (name: "b", text: "")]
        let document = "x\n<!-- generated: a -->\nold\nold\n<!-- end -->\n<!-- generated: b -->\n<!-- end -->\ny\n"
        let updated = try GeneratedText.updated(document, with: parts)
        #expect(updated == "x\n<!-- generated: a -->\none\ntwo\n<!-- end -->\n<!-- generated: b -->\n<!-- end -->\ny\n")
        #expect(try GeneratedText.updated(updated, with: parts) == updated)
    }

    @Test(
        "a part that is unknown, or has no end, is an error with its line",
        arguments: [
            ("<!-- generated: c -->\n<!-- end -->\n", "line 1: nothing is called `c`; there are a"),
            ("\n<!-- generated: a -->\n", "line 2: `a` has no `<!-- end -->`"),
            ("<!-- generated: a -->\n<!-- generated: a -->\n<!-- end -->\n", "line 2: the part before has no `<!-- end -->`"),
        ])
    func markers(_ document: String, _ problem: String) {
        let error = #expect(throws: GeneratedText.Problem.self) { try GeneratedText.updated(document, with: [(name: "a", text: "")]) }
        #expect(error?.description == problem)
    }

    @Test("tables have a row for each option with its default, and for those inside of it")
    func tables() throws {
        let sinks = try #require(MarkdownReference(Fixture.catalogue).tables.first { $0.name == "sinks" }?.text)
        #expect(
            sinks.contains(
                "**`file`**: Writes a file.\n\n| option | default | what |\n| --- | --- | --- |\n| `path` | required | Where to write. |\n")
        )
        #expect(sinks.contains("| `rotate.size` |  | At this size. |\n"))
        #expect(sinks.contains("| `put_bandwidth_limit_per_shard` | `1 MiB` | Per second and shard. |\n"))
        let sources = try #require(MarkdownReference(Fixture.catalogue).tables.first { $0.name == "sources" }?.text)
        #expect(sources.contains("| `TRIM_HORIZON` | Where to begin. One of `TRIM_HORIZON`, `LATEST`, `AT_TIMESTAMP`. |\n"))
        #expect(MarkdownReference.table(["a"], [["x | y"]]) == "| a |\n| --- |\n| x \\| y |\n")
    }

    @Test("the schema has every kind with its options, and allows `${…}` where no text is expected")
    func schema() throws {
        let schema = JSONSchema(Fixture.catalogue).value
        #expect(schema["required"] == ["pipeline", "sources", "sinks"])
        let kinesis = try #require(schema["$defs"]?["sink"]?["properties"]?["kinesis"])
        #expect(kinesis["required"] == ["stream"])
        #expect(kinesis["properties"]?["create_stream"]?["anyOf"] == [["type": "boolean"], ["$ref": "#/$defs/interpolated"]])
        #expect(kinesis["properties"]?["create_stream"]?["default"] == false)
        #expect(kinesis["properties"]?["put_bandwidth_limit_per_shard"]?["default"] == "1 MiB")
        #expect(schema["$defs"]?["sink"]?["oneOf"] == [["required": ["kinesis"]], ["required": ["file"]], ["required": ["stdout"]]])
        #expect(schema["$defs"]?["step"]?["properties"]?["sample"]?["properties"]?["rate"]?["description"] == "Share that is kept.")
    }

    @Test("lists wrap their lines, and name what is asked for alone")
    func lists() throws {
        let listing = ComponentListing(Fixture.catalogue)
        #expect(listing.overview.contains("sinks\n  kinesis     Writes a stream.\n"))
        let sample = try #require(listing.details(.steps, named: "sample"))
        #expect(sample == "sample\n  Keeps a share.\n\n    rate  Share that is kept. Takes a number. Required.\n")
        #expect(listing.details(.steps, named: "none") == nil)
        #expect(listing.value(.sinks, named: "file")[0]?["options"]?[0]?["required"] == true)
    }
}
