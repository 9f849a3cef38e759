import ArgumentParser
import Pipeline

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Reports everything that is wrong with pipeline files, without touching the network.")

    @OptionGroup var pipelines: PipelineArguments

    func run() throws {
        let plans = try pipelines.compile()
        for plan in plans {
            let counts = [(plan.sources.count, "source"), (plan.transforms.count, "transform"), (plan.sinks.count, "sink")]
            let nodes = counts.map { "\($0) \($1)\($0 == 1 ? "" : "s")" }.joined(separator: ", ")
            try StandardOutput.write("\(plan.name): ok (\(nodes))\n")
        }
    }
}
