/// The library of clients in Java: its files, and its types that generated code names.
enum JavaLibrary {
    /// The line by which each of its files says in which package it is.
    private static let packageLine = "package portico.runtime;\n"

    /// Its types that generated files call by their simple names; models are not called so. Others may be, as they are in
    /// another package.
    static let typeNames: Set<String> = [
        "Arguments", "Body", "Bytes", "Call", "CallOptions", "ClientBuilder", "Codec", "ErrorType", "Field",
        "JsonValue", "JsonWriter", "Matching", "ObjectReader", "Output", "Pages", "Response", "ResponseException",
        "Security", "TextEnum", "Transport",
    ]

    /// Its files in the runtime package of a client.
    static func files(_ symbols: JavaSymbols, header: String, hasSockets: Bool) -> [GeneratedFile] {
        Libraries.files(in: "java").compactMap { file in
            guard hasSockets || !JavaSockets.libraryFiles.contains(file.path) else { return nil }
            guard file.path.hasSuffix(".java"), file.text.hasPrefix(packageLine) else { return nil }
            var code = CodePrinter()
            code.line(header)
            code.line("package \(symbols.runtimePackage);")
            return GeneratedFile(
                path: JavaSymbols.path(package: symbols.runtimePackage) + file.path,
                text: code.text + file.text.dropFirst(packageLine.utf8.count))
        }
    }
}
