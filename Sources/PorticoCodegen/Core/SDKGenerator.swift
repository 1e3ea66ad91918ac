public import PorticoIR
public import PorticoSyntax

/// Writes clients of an API: the entry to this module.
public enum SDKGenerator {
    /// A language that clients are written in.
    public struct Language: Sendable {
        /// What `--language` takes.
        public var name: String
        /// One sentence for the help.
        public var summary: String
    }

    /// The files of a client with what there is to say. With errors there are no files.
    public struct Result: Sendable {
        /// Files in the order of their paths.
        public var files: [GeneratedFile]
        /// In the order of the spec.
        public var diagnostics: [Diagnostic]
    }

    /// All languages in the order of the help.
    public static var languages: [Language] { LanguageList.all.map { Language(name: $0.name, summary: $0.summary) } }

    /// Whether there is a language of that name.
    public static func isLanguage(_ name: String) -> Bool { LanguageList.language(named: name) != nil }

    /// The client of an API in a language. Deterministic: the same description and options give the same bytes.
    public static func generate(_ api: APIDescription, language: String, options: SDKOptions) -> Result {
        guard let language = LanguageList.language(named: language) else { return Result(files: [], diagnostics: []) }
        if let webSocket = api.webSocket, !language.hasConnections {
            let text = "there are no clients of WebSocket APIs for '\(language.name)'"
            let problem = Diagnostic(
                SDKDiagnostics.connectionsUnsupported, text, at: webSocket.routeSelectionExpression.span)
            return Result(files: [], diagnostics: [problem])
        }
        let (model, diagnostics) = ClientModelBuilder.build(api)
        let sorted = DiagnosticSink.sorted(diagnostics)
        guard !sorted.hasErrors else { return Result(files: [], diagnostics: sorted) }
        return Result(
            files: language.files(for: model, options).sorted { $0.path < $1.path }, diagnostics: sorted)
    }

    /// Name of a package for an API, unless the user chose one.
    public static func packageName(for api: APIDescription) -> String {
        NameWords(api.info.title.value, fallback: "api").kebab
    }
}
