import ArgumentParser
import Glibc
import Pipeline
import Records

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Writes a pipeline file to begin with; never over one that is there.")

    @Argument(help: "The file to write; `-` prints it.", completion: .file(extensions: ["yaml", "yml"]))
    var file = "pipeline.yaml"

    func run() throws {
        if file == "-" { return try StandardOutput.write(StarterFile.text) }
        do {
            try StarterFile.write(to: file)
        } catch {
            throw Termination.report(error)
        }
        StandardError.write(
            """
            \(file) is written. Next:
              kinesis-agent check \(file)
              kinesis-agent test \(file)
              echo '{"status": "paid", "net": 10.0, "vat": 2.0}' | kinesis-agent run \(file)

            """)
    }
}
