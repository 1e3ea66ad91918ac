/// Mapping templates (VTL).
public enum TemplateDiagnostics {
    /// Every row of this area.
    public static let all: [DiagnosticID] = []
}
