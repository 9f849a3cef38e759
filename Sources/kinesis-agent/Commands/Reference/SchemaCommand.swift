import Agent
import ArgumentParser
import Pipeline

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of pipeline files, for editors.",
        discussion: """
            kinesis-agent schema > pipeline.schema.json

            Editors with the YAML language server take it from the first line of a pipeline file:
            # yaml-language-server: $schema=pipeline.schema.json
            """)

    func run() throws {
        try StandardOutput.write(json: JSONSchema(.agent).value)
    }
}
