/// A language that clients are written in. One folder in `Languages`, one line in ``LanguageList``.
protocol SDKLanguage: Sendable {
    /// What `--language` takes.
    static var name: String { get }
    /// One sentence for the help.
    static var summary: String { get }
    /// Whether it has clients of WebSocket APIs.
    static var hasConnections: Bool { get }
    /// The files of a client. Deterministic: same model and options, same bytes.
    static func files(for model: ClientModel, _ options: SDKOptions) -> [GeneratedFile]
}

extension SDKLanguage {
    static var hasConnections: Bool { true }
}

/// How a client is written.
public struct SDKOptions: Sendable {
    /// Name of the package; from the API's title unless given. Each language makes a name of its own style of it.
    public var packageName: String
    /// A whole package, or its sources alone.
    public var layout = Layout.package

    /// What is written.
    public enum Layout: String, Sendable, CaseIterable {
        /// A package that is ready to be used, with its README.
        case package
        /// The source files without folders, to be compiled into another package's target. Languages without such a form
        /// write the package.
        case sources
    }

    /// Makes options for a package.
    public init(packageName: String) { self.packageName = packageName }
}

/// A file to write.
public struct GeneratedFile: Sendable, Equatable {
    /// Path below the target folder, with `/`.
    public var path: String
    /// The whole text, with a line break at its end.
    public var text: String

    /// Makes a file.
    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}
