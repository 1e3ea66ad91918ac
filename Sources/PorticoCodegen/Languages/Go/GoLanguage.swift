/// Clients in Go: one package, of the standard library alone.
enum GoLanguage: SDKLanguage {
    static let name = "go"
    static let summary = "Go 1.21 and later, a module without dependencies"

    /// The oldest Go that compiles a client.
    private static let goVersion = "1.21"

    static func files(for model: ClientModel, _ options: SDKOptions) -> [GeneratedFile] {
        let types = GoTypes(model: model, symbols: GoSymbols(model, options))
        let package = types.symbols.package
        let header = GoHeader(model)
        var files = libraryFiles(package, header).filter {
            model.socket != nil || !GoSockets.libraryFiles.contains($0.path)
        }
        func add(_ path: String, documentation: String? = nil, _ body: (inout GoPrinter) -> Void) {
            var printer = GoPrinter()
            body(&printer)
            files.append(
                GeneratedFile(
                    path: path, text: printer.file(package: package, header: header, documentation: documentation)))
        }
        add("service.go", documentation: documentation(model, package)) { service(model, types.symbols, &$0) }
        if !model.types.isEmpty { add("models.go") { GoModels(types: types).write(to: &$0) } }
        if !model.errors.isEmpty { add("errors.go") { GoErrors(types: types).write(to: &$0) } }
        let operations = GoOperations(types: types)
        for (path, indices) in operations.files {
            add(path) { printer in
                for index in indices { operations.write(index, to: &printer) }
            }
        }
        if let sockets = GoSockets(types: types) { add("connection.go") { sockets.write(to: &$0) } }
        if options.layout == .package {
            files.append(manifest(types.symbols.module, header))
            files.append(GeneratedFile(path: "README.md", text: GoReadme(types: types).text()))
        }
        return files
    }

    /// The library's files, as files of the package.
    private static func libraryFiles(_ package: String, _ header: GoHeader) -> [GeneratedFile] {
        Libraries.files(in: "go").compactMap { file in
            let clause = "package sdk\n"
            // `service.go` is there so that the folder compiles by itself.
            guard file.path.hasSuffix(".go"), !file.path.hasSuffix("_test.go"), file.path != "service.go",
                file.text.hasPrefix(clause)
            else { return nil }
            var printer = CodePrinter()
            printer.lines(header.lines)
            printer.line()
            printer.line("package \(package)")
            return GeneratedFile(path: file.path, text: printer.text + file.text.dropFirst(clause.utf8.count))
        }
    }

    private static func documentation(_ model: ClientModel, _ package: String) -> String {
        let about = DocumentationText.lines(model.title, width: .max).joined(separator: " ")
        return ["Package \(package) calls the API \(about).", model.documentation].compactMap { $0 }
            .joined(separator: "\n\n")
    }

    private static func service(_ model: ClientModel, _ symbols: GoSymbols, _ printer: inout GoPrinter) {
        printer.constant(
            "DefaultBaseURL", "DefaultBaseURL is the address that a client calls unless ClientOptions say otherwise.",
            model.defaultBaseURL)
        printer.constant(
            "userAgent", "userAgent is what a client says of itself.",
            "portico-sdk-go/1 \(symbols.package)/\(userAgentVersion(model.version))")
    }

    /// A version that a header can have.
    private static func userAgentVersion(_ version: String) -> String {
        let text = version.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-+".contains($0)) }
        return text.isEmpty ? "1.0" : text
    }

    private static func manifest(_ module: String, _ header: GoHeader) -> GeneratedFile {
        var printer = CodePrinter()
        printer.lines(header.lines.prefix(1))
        printer.line("module \(module)")
        printer.line()
        printer.line("go \(goVersion)")
        return GeneratedFile(path: "go.mod", text: printer.text)
    }
}
