import ArgumentParser

struct CompletionsCommand: ParsableCommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Prints the completion script of a shell.",
        discussion: """
            bash: kinesis-agent completions bash > ~/.local/share/bash-completion/completions/kinesis-agent
            zsh:  kinesis-agent completions zsh > ~/.zfunc/_kinesis-agent     (with ~/.zfunc in fpath before compinit)
            fish: kinesis-agent completions fish > ~/.config/fish/completions/kinesis-agent.fish
            """)

    @Argument(help: "The shell.")
    var shell: Shell

    func run() throws {
        guard let target = CompletionShell(rawValue: shell.rawValue) else { return }
        try StandardOutput.write(KinesisAgent.completionScript(for: target) + "\n")
    }
}
