internal import PorticoSyntax

/// Makes the manifests of a package: for Node and bundlers, for the compiler, and for Deno.
struct TypeScriptPackage {
    /// Name in npm's form.
    let name: String
    /// Version in the form of Semantic Versioning.
    let version: String
    private let description: String

    init(model: ClientModel, symbols: TypeScriptSymbols, options: SDKOptions, header: String) {
        name = Self.packageName(options.packageName)
        version = Self.semanticVersion(model.version)
        description = header
    }

    /// `package/version`, for `User-Agent`.
    var agent: String { "\(name)/\(version)" }

    /// The manifests.
    /// - Parameter sources: paths of all modules.
    func files(sources: [String]) -> [GeneratedFile] {
        let package = JSONValue.object([
            JSONMember("name", .string(name)),
            JSONMember("version", .string(version)),
            JSONMember("description", .string(description)),
            JSONMember("type", .string("module")),
            JSONMember("main", .string("./dist/index.js")),
            JSONMember("types", .string("./dist/index.d.ts")),
            JSONMember(
                "exports",
                .object([
                    JSONMember(
                        ".",
                        .object([
                            JSONMember("types", .string("./dist/index.d.ts")),
                            JSONMember("default", .string("./dist/index.js")),
                        ]))
                ])),
            JSONMember("sideEffects", .boolean(false)),
            JSONMember("files", .array([.string("dist"), .string("src")])),
            JSONMember("engines", .object([JSONMember("node", .string(">=18"))])),
        ])
        let options: [(String, JSONValue)] = [
            ("target", .string("ES2022")), ("module", .string("ES2022")), ("moduleResolution", .string("node")),
            ("strict", .boolean(true)), ("noUncheckedIndexedAccess", .boolean(true)),
            ("exactOptionalPropertyTypes", .boolean(true)), ("noImplicitOverride", .boolean(true)),
            ("noPropertyAccessFromIndexSignature", .boolean(true)), ("noUnusedLocals", .boolean(true)),
            ("noUnusedParameters", .boolean(true)), ("noImplicitReturns", .boolean(true)),
            ("isolatedModules", .boolean(true)), ("declaration", .boolean(true)), ("newLine", .string("lf")),
            ("rootDir", .string("src")), ("outDir", .string("dist")),
        ]
        let compiler = JSONValue.object([
            JSONMember("compilerOptions", .object(options.map { JSONMember($0.0, $0.1) })),
            JSONMember("include", .array([.string("src")])),
        ])
        // Sources name the scripts that they become, as compilers and browsers want it; Deno reads the sources.
        let imports = sources.sorted().map { path in
            JSONMember("./\(path.dropLast(3)).js", .string("./\(path)"))
        }
        let deno = JSONValue.object([
            JSONMember("name", .string(name)), JSONMember("version", .string(version)),
            JSONMember("exports", .string("./src/index.ts")), JSONMember("imports", .object(imports)),
        ])
        return [
            GeneratedFile(path: "package.json", text: Self.text(package)),
            GeneratedFile(path: "tsconfig.json", text: Self.text(compiler)),
            GeneratedFile(path: "deno.json", text: Self.text(deno)),
        ]
    }

    private static func text(_ value: JSONValue, _ indent: String = "") -> String {
        let inner = indent + "  "
        let end = indent.isEmpty ? "\n" : ""
        switch value {
        case .object(let members) where !members.isEmpty:
            let lines = members.map { "\(inner)\(literal($0.name)): \(text($0.value, inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}" + end
        case .array(let elements): return "[" + elements.map { text($0, inner) }.joined(separator: ", ") + "]" + end
        case .string(let text): return literal(text)
        case .boolean(let flag): return flag ? "true" : "false"
        default: return "{}" + end
        }
    }

    /// JSON's string literals are among those of TypeScript.
    private static func literal(_ text: String) -> String { TypeScriptExpression.literal(text) }

    /// Lower case with dashes; a scope stays. Source: npm's guide, "package.json", name.
    private static func packageName(_ name: String) -> String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: true)
        if name.hasPrefix("@"), parts.count == 2 {
            return "@\(NameWords(String(parts[0]), fallback: "sdk").kebab)/\(NameWords(String(parts[1])).kebab)"
        }
        return NameWords(name, fallback: "api").kebab
    }

    /// The first three numbers of a version; `1.0.0` for one without any.
    private static func semanticVersion(_ version: String) -> String {
        let text = version.hasPrefix("v") ? version.dropFirst() : version[...]
        var numbers: [String] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false).prefix(3) {
            let digits = part.prefix { ("0"..."9").contains($0) }
            guard !digits.isEmpty, digits.utf8.count < 10, let number = Int(digits) else { break }
            numbers.append(String(number))
            if digits.count < part.count { break }
        }
        if numbers.isEmpty { numbers = ["1"] }
        while numbers.count < 3 { numbers.append("0") }
        return numbers.joined(separator: ".")
    }
}
