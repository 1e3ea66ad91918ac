/// Clients in Python 3.10 and later, for threads and for asyncio, by the standard library alone.
struct PythonLanguage: SDKLanguage {
    static let name = "python"
    static let summary = "Python 3.10 or later, for threads and asyncio, with type annotations."

    static func files(for model: ClientModel, _ options: SDKOptions) -> [GeneratedFile] {
        let symbols = PythonSymbols(model, options)
        let package = symbols.package
        let library = Libraries.files(in: "python").filter { file in
            model.socket != nil || !PythonSockets.libraryFiles.contains(file.path)
        }
        var files = library.map { file in
            GeneratedFile(path: "\(package)/_library/\(file.path)", text: header(model) + file.text)
        }
        func add(_ name: String, _ text: String) { files.append(GeneratedFile(path: "\(package)/\(name)", text: text)) }
        add("__init__.py", PythonPackage(model, symbols).text)
        add("py.typed", "\n")
        add("models.py", PythonModels(model, symbols).text)
        add("errors.py", PythonErrors(model, symbols).text)
        add("_operations.py", PythonOperations(model, symbols).text)
        add("client.py", PythonClients(model, symbols, isAsync: false).text)
        add("aio.py", PythonClients(model, symbols, isAsync: true).text)
        files.append(GeneratedFile(path: "pyproject.toml", text: PythonManifest(model, symbols).text))
        files.append(GeneratedFile(path: "README.md", text: PythonReadme(model, symbols).text))
        return files
    }

    private static func header(_ model: ClientModel) -> String {
        var printer = PythonPrinter()
        printer.header(model)
        return printer.text
    }
}
