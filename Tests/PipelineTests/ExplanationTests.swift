import OrderedCollections
import Pipeline
import Records
import Testing

@Suite("Explanations")
struct ExplanationTests {
    private func explanation(_ text: String) throws -> Explanation { Explanation(try Fixture.plan(text)) }

    private let routed = """
        pipeline: orders
        sources: {orders: {stdin: }}
        transforms:
          by_size: {steps: [{filter: record.a}, {route: {large: record.b, small: default}}]}
          more: {from: by_size.small, steps: [{remove: [x]}]}
        sinks:
          relay: {from: by_size.large, stdout: }
          archive: {from: [by_size.large, more], stdout: }
        dead_letter: {stdout: }

        """

    @Test("draw the graph as a tree, routes by their names, and what two nodes read only once")
    func tree() throws {
        let text = try explanation(routed).text
        #expect(
            text.hasPrefix(
                """
                orders
                ├─ orders                 stdin
                │  └─ by_size             filter, route
                │     ├─ large → relay    stdout
                │     ├─ large → archive  stdout
                │     └─ small → more     remove
                │        └─ archive       (as above)
                └─ dead_letter            stdout

                """), "\(text)")
        #expect(text.contains("A record that cannot be processed goes to the dead letter"))
    }

    @Test("draw the graph for Graphviz and Mermaid, and escape what they would take for syntax")
    func graphs() throws {
        let explanation = try explanation(routed)
        #expect(explanation.dot.contains("\"by_size\" -> \"relay\" [label=\"large\"];"))
        #expect(explanation.mermaid.contains("n1 -->|\"small\"| n2"))
        #expect(explanation.value["edges"]?[0] == ["from": "orders", "to": "by_size"])
    }

    @Test("say that records stop the pipeline where there is no dead letter, and which steps drop what fails")
    func promises() throws {
        let text = try explanation(
            """
            pipeline: p
            sources: {in: {stdin: }}
            transforms: {t: {steps: [{filter: record.a, on_error: drop}]}}
            sinks: {out: {stdout: }}

            """
        ).text
        #expect(text.contains("stops the pipeline"))
        #expect(text.contains("Steps of `t` drop what they fail on"))
    }
}
