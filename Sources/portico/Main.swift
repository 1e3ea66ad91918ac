import ArgumentParser
import Dispatch
import Glibc
import Logging

/// The process: parses the command line, runs one command, ends with one of ``ExitStatus``.
@main
enum Main {
    static func main() {
        // A reader that goes away (`portico routes | head`) is an error of `write`, not a death.
        signal(SIGPIPE, SIG_IGN)
        LoggingSystem.bootstrap(StreamLogHandler.standardError)

        let command: any ParsableCommand
        do {
            command = try Portico.parseAsRoot()
        } catch {
            exit(report(error).rawValue)
        }

        // It must stay without threads: it changes its directory, and whatever it has open is closed.
        if var alone = command as? any MainThreadCommand {
            do { try alone.run() } catch { exit(report(error).rawValue) }
            exit(ExitStatus.success.rawValue)
        }

        // Signals are blocked while this is the only thread, so that all later threads inherit it and none gets lost.
        let isDaemon = command is any DaemonCommand
        if isDaemon {
            SignalMonitor.blockSignals()
            // Both look at what the process was started with, which later may be something else.
            _ = ServiceEnvironment.current
            _ = ProgramFile.path
        }

        Task.detached {
            do {
                var command = command
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
                exit(ExitStatus.success.rawValue)
            } catch {
                exit(report(error).rawValue)
            }
        }

        if isDaemon { SignalMonitor.shared.deliverForever() }
        while true { pause() }
    }

    /// Prints what there is to say about the end of a command, and tells how the process is to end.
    private static func report(_ error: any Error) -> ExitStatus {
        if let failure = error as? CommandFailure {
            if let message = failure.message { Console.say("portico: \(message)") }
            return failure.status
        }
        let message = Portico.fullMessage(for: error)
        switch Portico.exitCode(for: error) {
        case .success:
            // Help and version were asked for: they are data.
            Console.printLine(message)
            return .success
        case .validationFailure:
            Console.say(message)
            return .usage
        default:
            Console.say("portico: internal fault: \(message)")
            return .internalFault
        }
    }
}

/// A command that runs on the first thread, before there is a second one.
protocol MainThreadCommand: ParsableCommand {}

/// A command that runs until a signal ends it.
protocol DaemonCommand: AsyncParsableCommand {}
