/// Clients in Java: classes of Java 11 without dependencies, as a Maven project.
enum JavaLanguage: SDKLanguage {
    static let name = "java"
    static let summary = "Java 11 and later, a Maven project without dependencies"

    static func files(for model: ClientModel, _ options: SDKOptions) -> [GeneratedFile] {
        let types = JavaTypes(model: model, symbols: JavaSymbols(model, options))
        var files = sources(types, options)
        files.append(JavaManifest.pom(model, types.symbols, options))
        files.append(GeneratedFile(path: "README.md", text: JavaReadme(types: types, options: options).text()))
        return files
    }

    /// All classes, which clients in Kotlin stand on too.
    static func sources(_ types: JavaTypes, _ options: SDKOptions) -> [GeneratedFile] {
        let model = types.model
        let symbols = types.symbols
        let header = JavaPrinter.header(model)
        var files = JavaLibrary.files(symbols, header: header)
        func add(_ type: JavaType, _ body: (inout JavaPrinter) -> Void) {
            let package = type.package ?? symbols.package
            var printer = JavaPrinter(package: package)
            body(&printer)
            files.append(
                GeneratedFile(
                    path: JavaSymbols.path(package: package) + type.name + ".java", text: printer.file(header: header)))
        }
        for (index, type) in model.types.enumerated() {
            add(symbols.types[index]) { printer in
                switch type.shape {
                case .structure(let structure): JavaStructures(types: types).write(structure, at: index, to: &printer)
                case .enumeration(let values): JavaEnumerations(types: types).write(values, at: index, to: &printer)
                case .union(let union): JavaUnions(types: types).write(union, at: index, to: &printer)
                }
            }
        }
        for index in model.errors.indices {
            add(symbols.errors[index]) { JavaErrors(types: types).write(index, to: &$0) }
        }
        let operations = JavaOperations(types: types)
        for (index, call) in symbols.calls.enumerated() {
            guard let request = call.request else { continue }
            add(request) { JavaRequests(operations: operations).write(index, request, to: &$0) }
        }
        let count = model.operations.count
        for (number, start) in stride(from: 0, to: count, by: JavaCalls.chunk).enumerated() {
            let name = symbols.callsClass(number)
            add(name) {
                JavaCalls(operations: operations).write(name, start..<min(start + JavaCalls.chunk, count), to: &$0)
            }
        }
        let clients = JavaClients(operations: operations, userAgent: userAgent("java", model, options))
        add(symbols.client) { clients.writeClient(to: &$0) }
        add(symbols.rawClient) { clients.writeRawClient(to: &$0) }
        return files
    }

    /// What clients call themselves.
    static func userAgent(_ language: String, _ model: ClientModel, _ options: SDKOptions) -> String {
        "portico-sdk-\(language)/1 \(token(options.packageName, "api"))/\(token(model.version, "1.0"))"
    }

    /// Text as it may stand in `User-Agent` and in versions of packages.
    static func token(_ text: String, _ fallback: String) -> String {
        let kept = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-".utf8)
        let bytes = text.utf8.prefix(100).filter(kept.contains)
        return bytes.isEmpty ? fallback : String(decoding: bytes, as: UTF8.self)
    }
}
