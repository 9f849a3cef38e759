import Agent
import ArgumentParser
import Pipeline

struct TestCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, junit
    }

    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs the `tests:` of pipeline files on their compiled graphs, without network and with a clock of their own.",
        discussion: "Ends with 1 where a test fails, with 78 where a file is wrong.")

    @OptionGroup var pipelines: PipelineArguments

    @Option(help: "For people, or JUnit's XML for continuous integration.")
    var format = Format.text

    func run() throws {
        let suites = try pipelines.compile().map { TestReport.Suite($0, PipelineTesting($0).run()) }
        switch format {
        case .text: try StandardOutput.write(TestReport.text(suites))
        case .junit: try StandardOutput.write(TestReport.junit(suites))
        }
        if suites.contains(where: { !$0.results.allSatisfy(\.isPassed) }) { throw ExitCode.failure }
    }
}
