/// The file of the API's errors.
struct SwiftErrors {
    let types: SwiftTypes

    /// The text of the file.
    func text(header: String) -> String {
        var printer = SwiftPrinter()
        printer.line(header)
        printer.line()
        let entries = Array(zip(types.model.errors, types.symbols.errors))
        if entries.contains(where: { $0.0.body.map(types.needsFoundation) ?? false }) {
            printer.line("public import Foundation")
            printer.line()
        }
        if entries.isEmpty { printer.line("// The API declares no errors.") }
        printer.separated(entries) { printer, entry in
            printer.block("extension \(types.symbols.namespace)") { print(entry.0, entry.1, &$0) }
        }
        return printer.text
    }

    private func print(_ error: ErrorType, _ name: String, _ printer: inout SwiftPrinter) {
        let status = error.status.map { "Status \($0)." } ?? "Any status that is not declared by itself."
        printer.documentation(DocumentationText.joined(error.documentation, status), fallback: status)
        printer.block("public struct \(name): ResponseError, DeclaredError") { printer in
            printer.documentation(nil, fallback: "The answer.")
            printer.line("public let response: RawResponse")
            if let body = error.body {
                printer.documentation(nil, fallback: "The decoded body.")
                printer.line("public let body: \(types.text(body))")
            }
            printer.line()
            printer.block("init(response: RawResponse, json: JSON?) throws(JSONMismatch)") { printer in
                printer.line("self.response = response")
                if let body = error.body {
                    printer.line("body = try \(types.typedCodec(body)).decode(json ?? .null)")
                }
            }
        }
    }
}
