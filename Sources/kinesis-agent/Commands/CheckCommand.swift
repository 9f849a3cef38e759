import ArgumentParser
import Pipeline

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Reports everything that is wrong with pipeline files, without touching the network.")

    @OptionGroup var pipelines: PipelineArguments

    func run() throws {
        let plans = try pipelines.compile(environment: ProcessEnvironment.all)
        for plan in plans {
            print("\(plan.name): ok (\(plan.sources.count) sources, \(plan.transforms.count) transforms, \(plan.sinks.count) sinks)")
        }
    }
}
