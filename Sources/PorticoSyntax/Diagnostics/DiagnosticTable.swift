/// All diagnostics that Portico can print; documentation, `portico explain` and tests read it.
public enum DiagnosticTable {
    /// Every row, area by area.
    public static let all: [DiagnosticID] =
        SyntaxDiagnostics.all + ImportDiagnostics.all + HTTPAPIDiagnostics.all + HTTPAccessDiagnostics.all
        + CloudFormationDiagnostics.all + TemplateDiagnostics.all + ProgramDiagnostics.all + SchemaDiagnostics.all
        + CompileDiagnostics.all + SDKDiagnostics.all + WebSocketDiagnostics.all

    private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// The row of that name.
    public static func row(named name: String) -> DiagnosticID? { byName[name] }
}
