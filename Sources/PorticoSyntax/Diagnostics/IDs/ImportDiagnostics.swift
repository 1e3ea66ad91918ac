/// OpenAPI documents, their extensions and the rules over them.
public enum ImportDiagnostics {
    /// Every row of this area.
    public static let all: [DiagnosticID] = []
}
