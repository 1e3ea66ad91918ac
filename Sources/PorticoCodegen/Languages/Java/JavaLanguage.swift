/// Clients in Java: classes of Java 11 without dependencies, as a Maven project.
enum JavaLanguage: SDKLanguage {
    static let name = "java"
    static let summary = "Java 11 and later, a Maven project without dependencies"

    static func files(for model: ClientModel, _ options: SDKOptions) -> [GeneratedFile] {
        let model = JavaSockets.extended(model)
        let types = JavaTypes(model: model, symbols: JavaSymbols(model, options))
        let header = JavaPrinter.header(model)
        var files = sources(types)
        let clients = JavaClients(
            operations: JavaOperations(types: types), userAgent: userAgent("java", model, options))
        files.append(file(types.symbols.client, header) { clients.writeClient(to: &$0) })
        if model.socket == nil {
            files.append(file(types.symbols.rawClient, header) { clients.writeRawClient(to: &$0) })
        }
        files.append(JavaManifest.pom(model, types.symbols, options))
        files.append(GeneratedFile(path: "README.md", text: JavaReadme(types: types, options: options).text()))
        return files
    }

    /// All classes but the clients; clients in Kotlin stand on them too.
    static func sources(_ types: JavaTypes) -> [GeneratedFile] {
        let model = types.model
        let symbols = types.symbols
        let header = JavaPrinter.header(model)
        var files = JavaLibrary.files(symbols, header: header, hasSockets: model.socket != nil)
        func add(_ type: JavaType, _ body: (inout JavaPrinter) -> Void) { files.append(file(type, header, body)) }
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
        if let sockets = JavaSockets(operations: operations) { add(symbols.socketClass) { sockets.write(to: &$0) } }
        let count = model.operations.count
        for (number, start) in stride(from: 0, to: count, by: JavaCalls.chunk).enumerated() {
            let name = symbols.callsClass(number)
            add(name) {
                JavaCalls(operations: operations).write(name, start..<min(start + JavaCalls.chunk, count), to: &$0)
            }
        }
        return files
    }

    private static func file(
        _ type: JavaType, _ header: String, _ body: (inout JavaPrinter) -> Void
    ) -> GeneratedFile {
        let package = type.package ?? ""
        var printer = JavaPrinter(package: package)
        body(&printer)
        return GeneratedFile(
            path: JavaSymbols.path(package: package) + type.name + ".java", text: printer.file(header: header))
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
