/// Clients in Kotlin: suspending functions over the classes of a client in Java, as a Gradle project.
///
/// Values, requests, errors and transport are Java's, so that an API has one set of classes for both languages. What is
/// Kotlin's own is how calls are written: named arguments, coroutines, lambdas with receivers.
enum KotlinLanguage: SDKLanguage {
    static let name = "kotlin"
    static let summary = "Kotlin with coroutines on the JVM, a Gradle project without dependencies"

    static func files(for model: ClientModel, _ options: SDKOptions) -> [GeneratedFile] {
        let model = JavaSockets.extended(model)
        let sockets = model.socket == nil ? [] : KotlinSockets.typeNames
        let symbols = JavaSymbols(
            model, options, reserved: KotlinReservedWords.types.union(sockets), socketSuffix: "Connection")
        let types = KotlinTypes(java: JavaTypes(model: model, symbols: symbols))
        let header = JavaPrinter.header(model)
        let clients = KotlinClients(
            types: types, userAgent: JavaLanguage.userAgent("kotlin", model, options))
        var files =
            JavaLanguage.sources(types.java)
            + KotlinLibrary(symbols: symbols).files(
                header: header, hasSockets: model.socket != nil)
        func add(_ package: String, _ name: String, _ body: (inout KotlinPrinter) -> Void) {
            var printer = KotlinPrinter(package: package, suppressesDeprecation: !types.java.allSuppressions.isEmpty)
            body(&printer)
            let path = KotlinLibrary.path(package: package) + name + ".kt"
            files.append(GeneratedFile(path: path, text: printer.file(header: header)))
        }
        add(symbols.package, symbols.client.name) { clients.writeClient(to: &$0) }
        if let sockets = KotlinSockets(types: types) {
            add(symbols.package, sockets.name.name) { sockets.write(to: &$0) }
        } else {
            add(symbols.package, symbols.rawClient.name) { clients.writeRawClient(to: &$0) }
        }
        let requests = KotlinRequests(types: types)
        if !requests.isEmpty { add(symbols.package, requests.name.name) { requests.write(to: &$0) } }
        let builders = KotlinBuilders(types: types)
        if !builders.isEmpty { add(symbols.modelPackage, KotlinBuilders.file) { builders.write(to: &$0) } }
        files += KotlinManifest.files(model, symbols, options)
        files.append(GeneratedFile(path: "README.md", text: KotlinReadme(types: types, options: options).text()))
        return files
    }
}
