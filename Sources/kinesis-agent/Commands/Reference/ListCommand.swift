import Agent
import ArgumentParser
import Pipeline

struct ListCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists what pipeline files can use: sources, sinks, steps, processors and stores with their options."
    )

    @Argument(
        help: "One group alone, with all options: sources, sinks, steps, processors or stores.",
        completion: .list(ComponentListing.Group.allCases.map(\.rawValue)), transform: group)
    var group: ComponentListing.Group?

    @Argument(help: "One component of the group alone.")
    var name: String?

    @Option(help: "For people or for programs.")
    var format = Format.text

    func run() throws {
        let listing = ComponentListing(.agent)
        if let group, let name, !listing.names(group).contains(name) {
            let hint = Suggestion.hint(for: name, among: listing.names(group)).map { "; \($0)" } ?? ""
            throw ValidationError("there is no `\(name)` among the \(group.rawValue)\(hint)")
        }
        switch format {
        case .text: try StandardOutput.write(group.flatMap { listing.details($0, named: name) } ?? listing.overview)
        case .json: try StandardOutput.write(json: group.map { listing.value($0, named: name) } ?? listing.value)
        }
    }

    private static func group(_ text: String) throws -> ComponentListing.Group {
        if let group = ComponentListing.Group(rawValue: text) { return group }
        let hint = Suggestion.hint(for: text, among: ComponentListing.Group.allCases.map(\.rawValue)).map { "; \($0)" } ?? ""
        throw ValidationError("there is no group `\(text)`\(hint)")
    }
}
