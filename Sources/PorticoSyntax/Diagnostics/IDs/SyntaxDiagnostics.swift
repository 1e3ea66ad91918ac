/// Reading text: encodings, YAML, JSON.
public enum SyntaxDiagnostics {
    /// Every row of this area.
    public static let all: [DiagnosticID] = []
}
