import Glibc
import PorticoGateway

/// Where the functions of a spec or a compiled file are, and what starts them.
enum FunctionHosting {
    /// Lets a server look for what `file` names beside it.
    static func prepare(_ configuration: inout ServerConfiguration, for file: String, state: String?) {
        let functions = Self.configuration(for: file, state: state)
        configuration.baseDirectory = functions.baseDirectory
        configuration.functions = functions
    }

    /// - Parameter file: the spec or compiled file; code is looked for relative to its directory, and what hosting keeps
    ///   stands in `.portico` beside it, unless `state` names another folder.
    static func configuration(for file: String, state: String? = nil) -> FunctionHostConfiguration {
        let directory = absoluteDirectory(of: file)
        return FunctionHostConfiguration(
            baseDirectory: directory, stateDirectory: StateLocation.folder(state, besides: file),
            supervisor: [executable, "supervise"])
    }

    /// This program, by a path that stays true when the directory changes.
    private static var executable: String {
        resolved("/proc/self/exe") ?? CommandLine.arguments.first ?? "portico"
    }

    /// The directory of a file, from the root.
    static func absoluteDirectory(of file: String) -> String {
        let directory = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
        return resolved(directory) ?? directory
    }

    private static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }
}
