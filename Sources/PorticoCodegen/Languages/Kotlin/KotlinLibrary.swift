/// The library of clients in Kotlin, which stands on that of Java: its files, and its functions that generated code calls.
struct KotlinLibrary {
    /// The line by which each of its files says in which package it is.
    private static let packageLine = "package portico.runtime\n"

    let symbols: JavaSymbols

    /// Sends a call and gives the whole response.
    var answer: KotlinImport { function("answer") }
    /// Sends a call and gives the value.
    var value: KotlinImport { function("value") }
    /// Sends a call and gives the value, or `null`.
    var valueOrNull: KotlinImport { function("valueOrNull") }
    /// Sends a call that gives no value.
    var complete: KotlinImport { function("complete") }

    /// Waits for a future.
    var await: KotlinImport { function("await") }

    private func function(_ name: String) -> KotlinImport {
        KotlinImport(package: symbols.runtimePackage, name: name)
    }

    /// The folder of a package.
    static func path(package: String) -> String {
        "src/main/kotlin/" + package.split(separator: ".").joined(separator: "/") + "/"
    }

    /// Its files in the runtime package of a client.
    func files(header: String, hasSockets: Bool) -> [GeneratedFile] {
        Libraries.files(in: "kotlin").compactMap { file in
            guard hasSockets || file.path != "SuspendSocket.kt" else { return nil }
            guard file.path.hasSuffix(".kt"), file.text.hasPrefix(Self.packageLine) else { return nil }
            var code = CodePrinter()
            code.line(header)
            code.line("package \(KotlinImport.written(package: symbols.runtimePackage))")
            return GeneratedFile(
                path: Self.path(package: symbols.runtimePackage) + file.path,
                text: code.text + file.text.dropFirst(Self.packageLine.utf8.count))
        }
    }
}
