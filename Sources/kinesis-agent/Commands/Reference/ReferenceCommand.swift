import Agent
import ArgumentParser
import FoundationEssentials
import Pipeline
import Records

/// For those who work on the project: the README's reference tables follow the declarations.
struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference", abstract: "Puts the generated tables into a Markdown file.", shouldDisplay: false)

    @Argument(help: "The file; its tables stand between `<!-- generated: NAME -->` and `<!-- end -->`.")
    var file: String

    @Flag(help: "Change nothing; end with 1 where the tables are stale.")
    var check = false

    func run() throws {
        do {
            let document = try String(contentsOfFile: file, encoding: .utf8)
            let updated = try GeneratedText.updated(
                document, with: MarkdownReference(.agent).tables + [("commands", CommandReference.table)])
            if updated == document { return }
            guard !check else {
                throw Failure(
                    "stale_reference", "the reference tables of \(file) are stale", hint: "run deploy/readme.sh, and commit what changed")
            }
            try updated.write(toFile: file, atomically: true, encoding: .utf8)
        } catch let problem as GeneratedText.Problem {
            throw Termination.report(Failure("invalid_marker", "\(file), \(problem)"))
        } catch {
            throw Termination.report(error)
        }
    }
}

/// The table of commands, from what each says of itself.
enum CommandReference {
    static var table: String {
        MarkdownReference.table(["command", "does"], KinesisAgent.configuration.subcommands.flatMap { rows($0, above: "") })
    }

    private static func rows(_ command: any ParsableCommand.Type, above: String) -> [[String]] {
        let configuration = command.configuration
        guard configuration.shouldDisplay else { return [] }
        let name = above + (configuration.commandName ?? "")
        guard configuration.subcommands.isEmpty else { return configuration.subcommands.flatMap { rows($0, above: name + " ") } }
        return [["`\(name)`", configuration.abstract]]
    }
}
