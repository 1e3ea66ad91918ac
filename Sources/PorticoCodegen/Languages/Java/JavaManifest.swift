/// Prints the project file of Maven.
enum JavaManifest {
    /// The lines by which another project depends on the client.
    static func dependency(_ model: ClientModel, _ symbols: JavaSymbols, _ options: SDKOptions) -> String {
        var printer = XMLPrinter()
        printer.element("dependency") { coordinates(model, symbols, options, &$0) }
        return printer.text
    }

    private static func coordinates(
        _ model: ClientModel, _ symbols: JavaSymbols, _ options: SDKOptions, _ printer: inout XMLPrinter
    ) {
        printer.element("groupId", symbols.package.split(separator: ".").dropLast().joined(separator: "."))
        printer.element("artifactId", JavaLanguage.token(options.packageName, "api"))
        printer.element("version", JavaLanguage.token(model.version, "1.0"))
    }

    /// `pom.xml`
    static func pom(_ model: ClientModel, _ symbols: JavaSymbols, _ options: SDKOptions) -> GeneratedFile {
        var printer = XMLPrinter()
        printer.declaration()
        printer.comment(JavaPrinter.header(model))
        let root = [
            ("xmlns", "http://maven.apache.org/POM/4.0.0"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xsi:schemaLocation", "http://maven.apache.org/POM/4.0.0 http://maven.apache.org/xsd/maven-4.0.0.xsd"),
        ]
        printer.element("project", root) { printer in
            printer.element("modelVersion", "4.0.0")
            coordinates(model, symbols, options, &printer)
            printer.element("name", model.title)
            printer.element("properties") { printer in
                printer.element("maven.compiler.release", "11")
                printer.element("project.build.sourceEncoding", "UTF-8")
            }
        }
        return GeneratedFile(path: "pom.xml", text: printer.text)
    }
}

/// Prints XML.
private struct XMLPrinter {
    private var code = CodePrinter()
    private var depth = 0

    /// The line that begins a document.
    mutating func declaration() { code.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>") }

    var text: String { code.text }

    mutating func comment(_ text: String) {
        // Two hyphens would end it.
        let words = text.split(separator: "-").joined(separator: "-")
        line("<!-- \(words.drop { $0 == "/" || $0 == " " }) -->")
    }

    mutating func element(_ name: String, _ text: String) { line("<\(name)>\(Self.escaped(text))</\(name)>") }

    mutating func element(
        _ name: String, _ attributes: [(String, String)] = [], _ body: (inout XMLPrinter) -> Void
    ) {
        line("<" + name + attributes.map { " \($0)=\"\(Self.escaped($1))\"" }.joined() + ">")
        depth += 1
        body(&self)
        depth -= 1
        line("</\(name)>")
    }

    private mutating func line(_ text: String) { code.line(String(repeating: "    ", count: depth) + text) }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in DocumentationText.lines(text, width: .max / 2).joined(separator: " ") {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
