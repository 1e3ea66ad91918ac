import ArgumentParser
import PorticoGateway

/// `portico supervise`: the process that starts functions for a serving Portico and ends them when that one is gone.
/// No person types it; frames come on standard input.
struct SuperviseCommand: MainThreadCommand {
    static let configuration = CommandConfiguration(
        commandName: SupervisorProcess.subcommand,
        abstract: "Starts and ends functions' processes for 'serve' and 'run'.",
        shouldDisplay: false
    )

    func run() { SupervisorProcess.run() }
}
