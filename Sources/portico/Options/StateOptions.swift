import ArgumentParser

/// Where Portico keeps what outlives a process.
struct StateOptions: ParsableArguments {
    @Option(
        name: .customLong("state"),
        help: ArgumentHelp(
            "Folder of API keys, deployments, usage, logs and what functions run from. [PORTICO_STATE] (default: .portico beside the spec or "
                + "compiled file)", valueName: "folder"))
    var folder: String?

    /// The folder that flag or environment names; `nil` for the usual one.
    func state(_ environment: Environment = Environment()) -> String? { folder ?? environment["PORTICO_STATE"] }
}

/// The state folder of a spec or compiled file.
enum StateLocation {
    /// - Parameter state: the folder that the user named, relative to the current one.
    static func folder(_ state: String?, besides file: String) -> String {
        state ?? FunctionHosting.absoluteDirectory(of: file) + "/.portico"
    }
}
