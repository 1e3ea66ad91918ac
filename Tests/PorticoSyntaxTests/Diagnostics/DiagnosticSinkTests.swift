import PorticoSyntax
import Testing

@Suite("Collecting diagnostics")
struct DiagnosticSinkTests {
    private let row = DiagnosticID("test.error", .error, "A test.")
    private let mild = DiagnosticID("test.warning", .warning, "A test.")

    private func at(_ file: UInt32, _ offset: Int) -> SourceSpan {
        SourceSpan(file: SourceFileID(rawValue: file), offset: offset, length: 1)
    }

    @Test("they come out in the order of the text, each once")
    func order() {
        var sink = DiagnosticSink()
        sink.report(row, "no place", at: .none)
        sink.report(row, "second file", at: at(1, 0))
        sink.report(mild, "b", at: at(0, 9))
        sink.report(row, "a", at: at(0, 9))
        sink.report([Diagnostic(mild, "b", at: at(0, 9)), Diagnostic(row, "first", at: at(0, 2))])
        #expect(sink.finish().diagnostics.map(\.message) == ["first", "b", "a", "second file", "no place"])
        #expect(sink.hasErrors)
    }

    @Test("a limit drops warnings before errors and says how many")
    func limit() {
        var sink = DiagnosticSink(limit: 3)
        for offset in 0..<4 { sink.report(mild, "w\(offset)", at: at(0, offset)) }
        for offset in 4..<6 { sink.report(row, "e\(offset)", at: at(0, offset)) }
        let (diagnostics, omitted) = sink.finish()
        #expect(diagnostics.map(\.message) == ["w0", "e4", "e5"])
        #expect(omitted == 3)
    }
}
