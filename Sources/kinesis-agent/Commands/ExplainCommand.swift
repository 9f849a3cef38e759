import Agent
import ArgumentParser
import Pipeline
import Records

struct ExplainCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, dot, mermaid, iam
    }

    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says what pipelines will do, what they promise, and what limits them.",
        discussion: "dot is for Graphviz, mermaid for Markdown, iam is the least policy that the pipelines need.")

    @OptionGroup var pipelines: PipelineArguments

    @Option(help: "How it is said.")
    var format = Format.text

    @Option(help: "For the ARNs of `iam`, where the file names no region. Default: AWS_REGION.")
    var region: String?

    @Option(help: "For the ARNs of `iam`: the account, twelve digits.")
    var account: String?

    func run() throws {
        let plans = try pipelines.compile()
        let explanations = plans.map { Explanation($0) }
        switch format {
        case .text: try StandardOutput.write(explanations.map(\.text).joined(separator: "\n"))
        case .dot: try StandardOutput.write(explanations.map(\.dot).joined())
        case .mermaid: try StandardOutput.write(explanations.map(\.mermaid).joined(separator: "\n"))
        case .json:
            let values = explanations.map(\.value)
            try StandardOutput.write(json: values.count == 1 ? values[0] : .list(values))
        case .iam:
            let policy = IAMPolicy(plans, region: region ?? ProcessEnvironment.all["AWS_REGION"], account: account)
            if !policy.isComplete {
                StandardError.write("put the region and the account into the ARNs, or name them with --region and --account\n")
            }
            for role in Set(plans.compactMap(\.aws.assumeRole)).sorted() {
                StandardError.write("this is for \(role); whoever runs the agent needs sts:AssumeRole on it\n")
            }
            try StandardOutput.write(json: policy.value)
        }
    }
}
