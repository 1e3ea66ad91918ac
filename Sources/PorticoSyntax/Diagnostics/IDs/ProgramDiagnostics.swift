/// The other small languages: patterns, JSONPath, mapping expressions, models.
public enum ProgramDiagnostics {
    /// Every row of this area.
    public static let all: [DiagnosticID] = []
}
