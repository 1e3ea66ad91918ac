import ArgumentParser

/// `portico init`
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a commented spec to begin with; never overwrites a file."
    )

    @Argument(help: "Where to write.")
    var file: String = "api.yaml"

    func run() throws {
        guard try LocalFile.createNew(file, with: Array(StarterSpec.text.utf8)) else {
            throw CommandFailure(.negative, "'\(file)' exists already and was left as it is")
        }
        Console.say("portico: wrote \(file); now: portico serve \(file)")
    }
}
