/// Every language; the commands, the documentation and the tests read it.
enum LanguageList {
    /// In the order of the help.
    static let all: [any SDKLanguage.Type] = [
        SwiftLanguage.self,
        TypeScriptLanguage.self,
        PythonLanguage.self,
        GoLanguage.self,
        JavaLanguage.self,
        KotlinLanguage.self,
        RubyLanguage.self,
        CurlLanguage.self,
        HTTPieLanguage.self,
        PostmanLanguage.self,
        HTTPFileLanguage.self,
    ]

    /// The language of that name.
    static func language(named name: String) -> (any SDKLanguage.Type)? { all.first { $0.name == name } }
}
