import PorticoIR
import PorticoSyntax
import Testing

/// Each document announces in comments exactly what is said about it.
@Suite struct ImportMarkTests {
    @Test(
        "a document gets exactly the diagnostics that it announces",
        arguments: ImportDocuments.versions + ImportDocuments.paths + ImportDocuments.operations)
    func documents(_ document: MarkedDocument) {
        expectMarks(document.text, importText(document.text))
    }

    @Test(
        "an integration gets exactly the diagnostics that it announces",
        arguments: ImportDocuments.integrations + ImportDocuments.mappings)
    func integrations(_ document: MarkedDocument) {
        expectMarks(document.text, importText(document.text))
    }

    @Test(
        "backends and the integrations that call them get exactly the diagnostics that they announce",
        arguments: ImportDocuments.functions + ImportDocuments.backends + ImportDocuments.backendRules)
    func backends(_ document: MarkedDocument) {
        expectMarks(document.text, importText(document.text))
    }

    @Test(
        "root extensions get exactly the diagnostics that they announce",
        arguments: ImportDocuments.roots + ImportDocuments.security + ImportDocuments.hosting)
    func roots(_ document: MarkedDocument) {
        expectMarks(document.text, importText(document.text))
    }

    @Test("a WebSocket API gets exactly the diagnostics that it announces", arguments: ImportDocuments.webSocket)
    func webSocket(_ document: MarkedDocument) {
        expectMarks(document.text, importText(document.text))
    }

    @Test(
        "HTTP APIs get exactly the diagnostics that they announce",
        arguments: ImportDocuments.httpAPIs + ImportDocuments.routeIntegrations + ImportDocuments.routeStages)
    func httpAPIs(_ document: MarkedDocument) {
        expectMarks(document.text, importText(document.text))
    }

    @Test(
        "access logs and tracing get exactly the diagnostics that they announce",
        arguments: ImportDocuments.observability)
    func observability(_ document: MarkedDocument) {
        expectMarks(document.text, importText(document.text))
    }
}
